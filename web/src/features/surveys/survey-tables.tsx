/** Answers by score, by month and by segment; each row opens the people behind it. */
import { useTranslation } from "react-i18next";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { TextLink } from "@/components/ui/misc";
import { Table, Td, Th } from "@/components/ui/table";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/session";
import type { Side, SurveyDetail } from "./api";
import { figureText } from "./words";

const FILL: Record<Side, string> = {
  bad: "bg-critical-mark",
  middle: "bg-watch-mark",
  good: "bg-excellent-mark",
};

export function Distribution({ survey }: { survey: SurveyDetail }) {
  const { t } = useTranslation("surveys");
  const format = useFormat();
  const most = Math.max(1, ...survey.distribution.map((row) => row.answers));
  return (
    <Card aria-labelledby="distribution">
      <CardHeader
        id="distribution"
        title={t("distribution")}
        subtitle={t(`scale.${survey.kind}`)}
      />
      <CardBody>
        <ol className="flex flex-col-reverse gap-1">
          {survey.distribution.map((row) => (
            <li
              key={row.score}
              className="grid min-h-6 grid-cols-[2rem_1fr_3rem] items-center gap-3 pointer-coarse:min-h-10"
            >
              <span className="tnum text-right text-ink-2">
                <span className="sr-only">{t("people.score")} </span>
                {format.number(row.score)}
              </span>
              <span aria-hidden className="h-4 overflow-hidden rounded-check bg-sunken">
                <span
                  className={cn("block h-full rounded-check", FILL[row.side])}
                  style={{ width: `${(100 * row.answers) / most}%` }}
                />
              </span>
              {row.answers > 0 ? (
                <TextLink
                  to="/surveys/$id"
                  params={{ id: survey.id }}
                  search={{ of: `score.${row.score}` }}
                  className="tnum justify-end text-right"
                  aria-label={t("answers", {
                    count: row.answers,
                    n: format.number(row.answers),
                  })}
                >
                  {format.number(row.answers)}
                </TextLink>
              ) : (
                <span className="tnum text-right text-ink-3">{format.number(0)}</span>
              )}
            </li>
          ))}
        </ol>
      </CardBody>
    </Card>
  );
}

export function Parts({
  survey,
  word,
  parts,
}: {
  survey: SurveyDetail;
  word: "month" | "segment";
  parts: SurveyDetail["months"];
}) {
  const { t } = useTranslation("surveys");
  const format = useFormat();
  const name = (key: string) =>
    word === "month" ? format.month(`${key}-01`) : key || t("noSegment");
  const id = `by-${word}`;
  return (
    <Card aria-labelledby={id}>
      <CardHeader id={id} title={t(`by.${word}`)} />
      {parts.length === 0 ? (
        <CardBody className="text-ink-2">{t("noAnswers")}</CardBody>
      ) : (
        <Table aria-label={t(`by.${word}`)}>
          <thead>
            <tr>
              <Th>{t(`column.${word}`)}</Th>
              <Th end>{t("column.answers")}</Th>
              <Th end>{t(`kind.${survey.kind}`)}</Th>
            </tr>
          </thead>
          <tbody>
            {parts.map((part) => (
              <tr key={part.key}>
                <Td>
                  <TextLink
                    to="/surveys/$id"
                    params={{ id: survey.id }}
                    search={{ of: `${word}.${part.key}` }}
                  >
                    {name(part.key)}
                  </TextLink>
                </Td>
                <Td end>{format.number(part.answers)}</Td>
                <Td end>{figureText(format, survey.kind, part.figure)}</Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
}
