// A Docker daemon over HTTP with one container, which runs at first and whose failures the test chooses.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import Docker from 'dockerode';
import { onTestFinished } from 'vitest';
import { memberLabels } from '../../../../src/services/docker/members/labels.ts';
import type { MemberRecord } from '../../../../src/services/docker/members/member-record.ts';

/** Returns the status and text of an error, or undefined where the daemon works. */
type Fault = (method: string, path: string) => { status: number; message: string } | undefined;

export const scriptedDaemon = async (record: MemberRecord, instance: string) => {
  const daemon = {
    state: 'running' as 'created' | 'running' | 'exited' | 'none',
    calls: [] as string[],
    fault: (() => undefined) as Fault,
  };
  const inspected = () => ({
    Id: 'c1',
    State: {
      Status: daemon.state,
      ExitCode: 0,
      OOMKilled: false,
      StartedAt: '2026-01-01T00:00:00Z',
      FinishedAt: '2026-01-01T00:00:00Z',
    },
    Config: { Labels: memberLabels(instance, record, { name: 'main', role: 'main' }) },
    NetworkSettings: { Networks: { bridge: { IPAddress: '127.0.0.1' } } },
  });
  const server = http.createServer((request, response) => {
    const { method = '', url = '' } = request;
    const path = url.replace(/\?.*/, '');
    daemon.calls.push(`${method} ${path}`);
    const fault = daemon.fault(method, path);
    const isStart = /\/(re)?start$/.test(path);
    if (isStart && fault === undefined) daemon.state = 'running';
    if (method === 'DELETE') daemon.state = 'none';
    if (path === '/containers/create') daemon.state = 'created';
    const listed = daemon.state === 'none' ? [] : [{ Id: 'c1', Labels: {} }];
    const body = path === '/containers/json' ? listed : inspected();
    const status = fault?.status ?? (isStart ? 204 : 200);
    response
      .writeHead(status, { 'Content-Type': 'application/json' })
      .end(isStart && !fault ? '' : JSON.stringify(fault ?? body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const docker = new Docker({ protocol: 'http', host: '127.0.0.1', port, headers: { Connection: 'close' } });
  return { daemon, docker };
};
