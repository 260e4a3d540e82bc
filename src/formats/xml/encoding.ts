import type { Finding } from '../../finding.ts';
import { byteOrderMark, encodingNamed, type Encoding } from '../decode.ts';

/** The encoding of an XML file by its mark and declaration (XML 1.0, appendix F); a finding when they contradict each other or name one that is not known. */
export function xmlEncoding(head: Uint8Array): Encoding | { readonly finding: Finding } {
  const mark = byteOrderMark(head)?.encoding ?? unmarked(head);
  const text = mark?.startsWith('utf-16') ? new TextDecoder(mark).decode(head.subarray(0, 400)) : Buffer.from(head.subarray(0, 400)).toString('latin1');
  const declared = /^[^<]{0,4}<\?xml[^>]{0,100}?\sencoding\s*=\s*["']([A-Za-z][\w.:-]*)["']/.exec(text)?.[1];
  if (declared === undefined) return mark ?? 'utf-8';
  const encoding = encodingNamed(declared);
  if (!encoding) return refused(`the encoding ${declared} is not known here`);
  if (mark && mark !== encoding && !(mark.startsWith('utf-16') && encoding.startsWith('utf-16')))
    return refused(`the file declares ${declared} and is ${mark}`);
  if (!mark && encoding.startsWith('utf-16')) return refused(`the file declares ${declared} and is not`);
  return mark ?? encoding;
}

function unmarked(head: Uint8Array): Encoding | undefined {
  if (head[0] === 0x3c && head[1] === 0) return 'utf-16le';
  return head[0] === 0 && head[1] === 0x3c ? 'utf-16be' : undefined;
}

function refused(message: string): { readonly finding: Finding } {
  return { finding: { code: 'ENCODING_INVALID', severity: 'error', message, at: { offset: 0, line: 1 } } };
}
