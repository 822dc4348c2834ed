/** Figures of surveys in words. */
import type { Format } from "@/lib/format";
import { typeset } from "@/lib/typography";
import type { Kind, Survey } from "./api";

/** `+42`, `87 %`, `5,6`; a dash while nobody has answered. */
export function figureText(format: Format, kind: Kind, figure: number | null | undefined): string {
  if (kind === "csat") return format.percentValue(figure, { digits: 0 });
  if (kind === "ces") return format.number(figure, { digits: 1, fixed: true });
  return format.number(figure, { signed: true });
}

/** What stands behind a figure's name: `/ 7` for a mean. */
export const figureUnit = (kind: Kind): string | undefined => (kind === "ces" ? "/ 7" : undefined);

export const question = (survey: Survey, locale: string): string =>
  locale === "fr" ? typeset(survey.questionFr) : survey.questionEn;
