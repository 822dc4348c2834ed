/** Why a search found a client that neither its name nor its domain gives away. */
import { i18n } from "./i18n";

export interface Matched {
  by: string;
  text: string;
  email?: string | null;
}

/** "Contact: Marie Dupont (marie@acme.fr)"; nothing where the name says it. */
export function foundBy(matched: Matched | null | undefined): string {
  if (!matched) return "";
  if (matched.by === "tag") return i18n.t("common:found.tag", { text: matched.text });
  const { text, email } = matched;
  return i18n.t("common:found.contact", {
    text: email && email !== text ? `${text} (${email})` : text,
  });
}
