// Encodes rows of integers in few bytes: figures change little from one row to the next, so the differences compress well.
import { gzipSync, gunzipSync } from 'node:zlib';

/** The first byte. Bytes in another format, of a newer version, are unreadable. */
const FORMAT = 1;
const BYTES = 4;

/** Encodes rows of `columns` 32-bit integers each. */
export const encodeMatrix = (values: Int32Array, columns: number): Uint8Array => {
  const rows = values.length / columns;
  const planes = new Uint8Array(values.length * BYTES);
  let position = 0;
  for (let column = 0; column < columns; column++) {
    let previous = 0;
    for (let row = 0; row < rows; row++) {
      const value = values[row * columns + column] ?? 0;
      const difference = zigzag((value - previous) | 0);
      previous = value;
      // The four bytes of a number are far apart: the high ones are nearly always 0, in long runs.
      for (let byte = 0; byte < BYTES; byte++) planes[position + byte * values.length] = difference >>> (8 * byte);
      position += 1;
    }
  }
  const compressed = gzipSync(planes);
  const bytes = new Uint8Array(1 + compressed.length);
  bytes[0] = FORMAT;
  bytes.set(compressed, 1);
  return bytes;
};

/** Throws if the bytes are damaged (gzip has a CRC-32), in an unknown format, or longer than `rowsMax` rows. */
export const decodeMatrix = (bytes: Uint8Array, columns: number, rowsMax: number): Int32Array => {
  if (bytes[0] !== FORMAT) throw new Error(`The format ${bytes[0]} is unknown.`);
  const planes = gunzipSync(bytes.subarray(1), { maxOutputLength: rowsMax * columns * BYTES });
  const length = planes.length / BYTES;
  const rows = length / columns;
  if (!Number.isInteger(rows)) throw new Error(`${planes.length} bytes are not rows of ${columns} numbers.`);
  const values = new Int32Array(length);
  let position = 0;
  for (let column = 0; column < columns; column++) {
    let previous = 0;
    for (let row = 0; row < rows; row++) {
      let difference = 0;
      for (let byte = 0; byte < BYTES; byte++) difference |= (planes[position + byte * length] ?? 0) << (8 * byte);
      previous = (previous + unzigzag(difference)) | 0;
      values[row * columns + column] = previous;
      position += 1;
    }
  }
  return values;
};

/** 0, -1, 1, -2, … as 0, 1, 2, 3, …: small differences have small bytes, whatever their sign. */
const zigzag = (value: number): number => ((value << 1) ^ (value >> 31)) >>> 0;
const unzigzag = (value: number): number => (value >>> 1) ^ -(value & 1);
