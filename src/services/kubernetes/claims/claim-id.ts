// Identifiers of claims on pods: they name the pod, so that an unknown one costs the read of one pod.
import { randomSuffix } from '../../../lib/random-suffix.ts';

const RANDOM_LENGTH = 8;
const PATTERN = /^([a-z0-9]([-a-z0-9]*[a-z0-9])?)-[a-z0-9]{8}$/;

/** A new id, with 38 random bits. At most 63 characters long, because the names of pods have at most 54. */
export const newClaimId = (pod: string): string => `${pod}-${randomSuffix(RANDOM_LENGTH)}`;

/** The name of the pod that a claim is or was on; undefined for what is no such id. */
export const podOf = (claimId: string): string | undefined => PATTERN.exec(claimId)?.[1];
