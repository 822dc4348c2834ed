/** A version of a profile as it stands in the URL, and in a list to choose from. */
import type { TFunction } from "i18next";
import type { Format } from "@/lib/format";
import type { ProfileRef } from "./api";
import type { Version } from "./api-profiles";

/** `PME~2`; everybody's are `~2`. */
export const writeVersion = ({ segment, version }: ProfileRef) => `${segment}~${version}`;

export function readVersion(written: string | undefined): ProfileRef | undefined {
  const at = written?.lastIndexOf("~") ?? -1;
  if (!written || at < 0) return undefined;
  const version = Number(written.slice(at + 1));
  if (!/^\d{1,6}$/.test(written.slice(at + 1))) return undefined;
  return { segment: written.slice(0, at), version };
}

/** « Version 2 (tous les clients) »; the built-in profile has a name of its own. */
export function versionName(
  t: TFunction<"health">,
  format: Format,
  { segment, version }: ProfileRef,
): string {
  const whose = segment === "" ? t("profile.everybody") : segment;
  if (version === 0) return t("profile.builtIn");
  return t("profile.version", { n: format.number(version), whose });
}

/** With when and why it was saved, to choose among them. */
export function versionLine(t: TFunction<"health">, format: Format, version: Version): string {
  return [versionName(t, format, version), version.at && format.date(version.at), version.note]
    .filter(Boolean)
    .join(" · ");
}
