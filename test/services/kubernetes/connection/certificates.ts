// Certificates for tests, created by the openssl command.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { removeFolder } from '../../../support/remove-folder.ts';

export type Pair = { readonly certificate: string; readonly key: string };

/** Runs `openssl req -x509` in a folder that is deleted afterwards. @param issuer Signs the certificate; without one it signs itself. */
const createPair = (name: string, issuer?: Pair): Pair => {
  const folder = mkdtempSync(path.join(tmpdir(), 'warmpool-certificates-'));
  const file = (of: string) => path.join(folder, of);
  try {
    writeFileSync(file('ca.crt'), issuer?.certificate ?? '');
    writeFileSync(file('ca.key'), issuer?.key ?? '');
    const names = ['-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:cluster.test'];
    const leaf = [
      '-CA',
      file('ca.crt'),
      '-CAkey',
      file('ca.key'),
      '-addext',
      'basicConstraints=critical,CA:FALSE',
      ...names,
    ];
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', file('key')];
    const certificate = ['-out', file('crt'), '-days', '2', '-subj', `/CN=${name}`, ...(issuer ? leaf : [])];
    execFileSync('openssl', ['req', '-x509', ...key, ...certificate], { stdio: 'ignore' });
    return { certificate: readFileSync(file('crt'), 'utf8'), key: readFileSync(file('key'), 'utf8') };
  } finally {
    removeFolder(folder);
  }
};

/** An authority that issues certificates for clients, by common name, and for a server on the loopback. */
export class Authority {
  readonly #pair = createPair('authority');
  readonly pem = this.#pair.certificate;

  issue(name: string): Pair {
    return createPair(name, this.#pair);
  }
}

export const base64 = (pem: string): string => Buffer.from(pem).toString('base64');
