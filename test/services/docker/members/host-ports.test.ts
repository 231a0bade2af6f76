// The ports of the host that a member is given.
import { expect, test } from 'vitest';
import { HostPorts } from '../../../../src/services/docker/members/host-ports.ts';

const COUNT = 60_999 - 32_768 + 1;

test('Host ports are taken all or none: when too few are free, the free ones stay free', () => {
  const ports = new HostPorts();
  const taken = ports.takeAll(COUNT - 2);
  expect(new Set(taken).size).toBe(COUNT - 2);
  expect(() => ports.takeAll(3)).toThrow('Not enough host ports from 32768 to 60999 are free.');
  expect(ports.takeAll(2)).toHaveLength(2);
});
