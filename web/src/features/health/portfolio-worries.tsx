/** What worries most: the dearest risk of each client, counted, with what those clients pay. */
import { useTranslation } from "react-i18next";
import { Card, CardHeader } from "@/components/ui/card";
import { CriticalGlyph } from "@/components/ui/health";
import { Table, Td, Th } from "@/components/ui/table";
import { riskName } from "@/lib/health-words";
import { usePhone } from "@/lib/hooks";
import { useFormat } from "@/lib/session";
import type { Portfolio } from "./api";

export function Worries({
  risks,
  onOpen,
}: {
  risks: Portfolio["risks"];
  onOpen: (key: string) => void;
}) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const phone = usePhone();
  const first = risks[0];
  const most = Math.max(1, ...risks.map((risk) => risk.mrrCents));
  return (
    <Card aria-labelledby="worries">
      <CardHeader
        id="worries"
        title={
          first
            ? t("worries.finding", {
                risk: riskName(first.key).toLowerCase(),
                mrr: format.money(first.mrrCents),
              })
            : t("worries.none")
        }
        subtitle={first ? t("worries.text") : t("worries.noneText")}
      />
      {first && (
        <Table aria-label={t("worries.title")}>
          <thead>
            <tr>
              <Th>{t("worries.risk")}</Th>
              <Th end>{t("worries.clients")}</Th>
              {!phone && (
                <Th className="w-1/3">
                  <span className="sr-only">{t("worries.bar")}</span>
                </Th>
              )}
              <Th end>{t("worries.mrr")}</Th>
            </tr>
          </thead>
          <tbody>
            {risks.map((risk) => (
              <tr key={risk.key}>
                <th
                  scope="row"
                  className="h-10 border-border border-b px-2 py-1.5 pl-4 text-left font-normal"
                >
                  <button
                    type="button"
                    onClick={() => onOpen(risk.key)}
                    className="inline-flex min-h-6 items-center gap-2 rounded-check text-left font-medium text-accent-words underline-offset-4 hover:underline pointer-coarse:min-h-10"
                  >
                    <CriticalGlyph className="size-3.5" />
                    {riskName(risk.key)}
                  </button>
                </th>
                <Td end>{format.number(risk.clients)}</Td>
                {!phone && (
                  <Td>
                    <span
                      aria-hidden
                      className="block h-1.5 overflow-hidden rounded-full bg-sunken"
                    >
                      <span
                        className="block h-full min-w-[3px] rounded-full bg-critical-mark"
                        style={{ width: `${(100 * risk.mrrCents) / most}%` }}
                      />
                    </span>
                  </Td>
                )}
                <Td end className="font-semibold">
                  {format.money(risk.mrrCents)}
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
}
