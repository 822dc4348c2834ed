/** The first rows as the plan reads them: what is wrong stands in the cell that it is about. */
import { useTranslation } from "react-i18next";
import { Card, CardHeader } from "@/components/ui/card";
import { cn } from "@/lib/cn";
import { errorCodeText } from "@/lib/i18n";
import { useFormat } from "@/lib/session";
import type { Found, Plan, PreviewRow, Refusal } from "./api";

export function Preview({
  rows,
  found,
  plan,
}: {
  rows: readonly PreviewRow[];
  found: Found;
  plan: Plan;
}) {
  const { t } = useTranslation("connectors");
  const format = useFormat();
  const wrong = rows.filter((row) => row.wrong.length > 0).length;
  return (
    <Card>
      <CardHeader
        title={t("preview.title")}
        subtitle={
          rows.length === 0
            ? t("preview.none")
            : wrong > 0
              ? t("preview.wrong", { count: wrong, n: format.number(wrong) })
              : t("preview.fine")
        }
      />
      {rows.length > 0 && (
        <section
          aria-label={t("preview.title")}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
          tabIndex={0}
          className="overflow-x-auto"
        >
          <table className="w-full border-border border-t text-left">
            <thead>
              <tr>
                <th scope="col" className="px-4 py-2 font-medium text-ink-2 text-meta">
                  {t("preview.line")}
                </th>
                {plan.columns.map(({ at }) => (
                  <th
                    key={at}
                    scope="col"
                    className="whitespace-nowrap px-3 py-2 font-medium text-ink-2 text-meta"
                  >
                    {found.columns[at]?.name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Row key={row.line} row={row} found={found} plan={plan} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </Card>
  );
}

function Row({ row, found, plan }: { row: PreviewRow; found: Found; plan: Plan }) {
  const names = plan.columns.map(({ at }) => found.columns[at]?.name);
  const about = (name: string | undefined) =>
    row.wrong.filter(({ params }) => params.column === name);
  // What is about no column of the table stands under the row's number.
  const whole = row.wrong.filter(({ params }) => !names.includes(params.column as string));
  return (
    <tr className="border-border border-t align-top">
      <th scope="row" className="tnum px-4 py-2 font-normal text-ink-2">
        {row.line}
        <Wrong list={whole} />
      </th>
      {plan.columns.map(({ at }, index) => {
        const wrong = about(names[index]);
        return (
          <td key={at} className={cn("max-w-64 px-3 py-2", wrong.length > 0 && "bg-critical-soft")}>
            <span className="line-clamp-2 break-words">{row.cells?.[at]}</span>
            <Wrong list={wrong} />
          </td>
        );
      })}
    </tr>
  );
}

function Wrong({ list }: { list: readonly Refusal[] }) {
  return list.map(({ code, params }) => (
    <span key={code} className="block min-w-40 text-critical-text text-meta">
      {errorCodeText(code, params)}
    </span>
  ));
}
