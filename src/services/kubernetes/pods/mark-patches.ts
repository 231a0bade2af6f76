// The writes that bind a pod and end its claim, as JSON Patches that fail unless the pod is as this server knows it.
// They test fields, not the resource version: other writers of the pod's status do not disturb them.
import type { PatchOperation } from '../resource/resource-client.ts';
import { formatMark, type ClaimMark } from './claim-mark.ts';
import { CLAIM, CLAIM_ID, EVICT, IDLE } from './pod-metadata.ts';
import type { PodRecord } from './pod-record.ts';

/** A key in a JSON Pointer. Source: RFC 6901, section 3. */
const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');
const annotation = (key: string) => `/metadata/annotations/${escaped(key)}`;
const label = (key: string) => `/metadata/labels/${escaped(key)}`;

const test = (path: string, value: unknown): PatchOperation => ({ op: 'test', path, value });
const add = (path: string, value: unknown): PatchOperation => ({ op: 'add', path, value });
const remove = (path: string): PatchOperation => ({ op: 'remove', path });

/** The same pod, which nobody deletes. A test for null is one for absence. */
const isAlive = ({ uid }: PodRecord) => [test('/metadata/uid', uid), test('/metadata/deletionTimestamp', null)];

/** Takes an idle pod. */
export const bindPatch = (pod: PodRecord, mark: ClaimMark): PatchOperation[] => [
  ...isAlive(pod),
  test(annotation(IDLE), pod.idle),
  test(label(EVICT), null),
  remove(annotation(IDLE)),
  add(annotation(CLAIM), formatMark(mark)),
  add(label(CLAIM_ID), mark.id),
];

/** Replaces the mark that the pod had when it was read. */
export const markPatch = (pod: PodRecord, mark: ClaimMark): PatchOperation[] => [
  ...isAlive(pod),
  test(annotation(CLAIM), pod.markText),
  add(annotation(CLAIM), formatMark(mark)),
];

/** Puts a pod back into the buffer in place of its mark. @param idle How often it was handed out. */
export const idlePatch = (pod: PodRecord, idle: string): PatchOperation[] => [
  ...isAlive(pod),
  test(annotation(CLAIM), pod.markText),
  remove(annotation(CLAIM)),
  remove(label(CLAIM_ID)),
  add(annotation(IDLE), idle),
];
