/** A size of a file in words: kilobytes, or megabytes from one on. */
import i18n from "i18next";

export function fileSize(
  bytes: number,
  number: (value: number, options?: { digits?: number }) => string,
): string {
  const mega = bytes >= 1024 * 1024;
  const n = mega
    ? number(bytes / 1024 / 1024, { digits: 1 })
    : number(Math.max(1, Math.round(bytes / 1024)));
  return i18n.t(mega ? "client:files.mega" : "client:files.kilo", { n });
}
