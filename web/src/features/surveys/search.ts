/** What stands in the URL of a survey: the figure whose people are shown. */
import type { Params } from "@/lib/api";
import { type RawSearch, text } from "@/lib/search";

export interface SurveySearch {
  /** asked, answered, waiting, a side, a state, `score.9`, `month.2026-06` or `segment.smb`. */
  of?: string;
}

export const surveySearch = (search: RawSearch): SurveySearch => ({ of: text(search.of) });

const SIDES: Record<string, Record<string, [number, number]>> = {
  nps: { bad: [0, 6], middle: [7, 8], good: [9, 10] },
  csat: { bad: [1, 2], middle: [3, 3], good: [4, 5] },
  ces: { bad: [1, 3], middle: [4, 4], good: [5, 7] },
};

/** The people behind a figure, as the server is asked for them; nothing for a word that is none. */
export function behind(of: string | undefined, kind: string): Params | undefined {
  if (!of) return undefined;
  const side = SIDES[kind]?.[of];
  if (side) return { min: side[0], max: side[1] };
  if (of === "asked") return {};
  if (of === "answered") return { answered: true };
  if (of === "waiting") return { answered: false };
  if (["link", "queued", "sent", "failed"].includes(of)) return { state: of };
  const dot = of.indexOf(".");
  const [word, value] = [of.slice(0, dot), of.slice(dot + 1)];
  if (word === "score" && /^\d{1,2}$/.test(value))
    return { min: Number(value), max: Number(value) };
  if (word === "month" && /^\d{4}-(0[1-9]|1[0-2])$/.test(value)) return { month: value };
  if (word === "segment") return { answered: true, segment: value };
  return undefined;
}
