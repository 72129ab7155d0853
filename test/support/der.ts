/** One value in the encoding of ASN.1 that LDAP and X.509 share (X.690): tag, length, content. */
export interface Der {
  readonly tag: number;
  readonly content: Buffer;
}

export function der(tag: number, ...contents: readonly (Buffer | string)[]): Buffer {
  const content = Buffer.concat(
    contents.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)),
  );
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

export function integer(value: number): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return der(0x02, (bytes[0] as number) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** The values that stand one behind the other; stops before one that is not complete. */
export function readAll(bytes: Buffer): { values: Der[]; rest: Buffer } {
  const values: Der[] = [];
  let at = 0;
  for (;;) {
    const head = headOf(bytes, at);
    if (head === null || head.end > bytes.length) return { values, rest: bytes.subarray(at) };
    values.push({ tag: bytes[at] as number, content: bytes.subarray(head.start, head.end) });
    at = head.end;
  }
}

function headOf(bytes: Buffer, at: number): { start: number; end: number } | null {
  const first = bytes[at + 1];
  if (first === undefined) return null;
  if (first < 0x80) return { start: at + 2, end: at + 2 + first };
  const size = first & 0x7f;
  if (bytes.length < at + 2 + size) return null;
  const length = bytes.readUIntBE(at + 2, size);
  return { start: at + 2 + size, end: at + 2 + size + length };
}
