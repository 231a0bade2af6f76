// Ports of the host for the ports of members. The server chooses them, so that a member keeps them when it is restarted.
import { randomInt } from 'node:crypto';

/** As Linux uses for outgoing connections: no service listens there by default. */
const FIRST = 32_768;
const LAST = 60_999;
const COUNT = LAST - FIRST + 1;

export class HostPorts {
  readonly #used = new Set<number>();
  /** Random, so that two servers on one daemon do not try the same ports in the same order. */
  #next = randomInt(COUNT);

  /** A port that no member of this server has. Something else may listen on it: the daemon says so, and the next one is tried. */
  take(): number {
    for (let tried = 0; tried < COUNT; tried++) {
      const port = FIRST + this.#next;
      this.#next = (this.#next + 1) % COUNT;
      if (this.reserve(port)) return port;
    }
    throw this.#exhausted();
  }

  /** As many different ports, or none: throws if not enough are free. */
  takeAll(count: number): number[] {
    if (this.#used.size + count > COUNT) throw this.#exhausted();
    return Array.from({ length: count }, () => this.take());
  }

  /** Returns false if the port is in use. */
  reserve(port: number): boolean {
    if (this.#used.has(port)) return false;
    this.#used.add(port);
    return true;
  }

  release(port: number): void {
    this.#used.delete(port);
  }

  #exhausted(): Error {
    return new Error(`Not enough host ports from ${FIRST} to ${LAST} are free.`);
  }
}
