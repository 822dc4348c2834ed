/** The clients under a parent, with what its own health rests on: their scores and what they pay. */
import { useTranslation } from "react-i18next";
import { Card, CardHeader } from "@/components/ui/card";
import { HealthMark } from "@/components/ui/health";
import { TextLink } from "@/components/ui/misc";
import { Table, Td, Th } from "@/components/ui/table";
import { useFormat } from "@/lib/session";
import type { Relative } from "./api";

export function Family({ children }: { children: readonly Relative[] }) {
  const { t } = useTranslation("clients");
  const format = useFormat();
  const count = children.length;
  const mrr = children.reduce((sum, child) => sum + (child.mrrCents ?? 0), 0);
  const title = t("page.family.title", { count, n: format.number(count) });
  return (
    <Card aria-labelledby="family">
      <CardHeader
        id="family"
        title={title}
        subtitle={t("page.family.text", { mrr: format.money(mrr) })}
      />
      <Table aria-label={title}>
        <thead>
          <tr>
            <Th>{t("page.family.client")}</Th>
            <Th>{t("page.family.health")}</Th>
            <Th end>{t("page.family.mrr")}</Th>
          </tr>
        </thead>
        <tbody>
          {children.map((child) => (
            <tr key={child.id}>
              <th
                scope="row"
                className="h-10 border-border border-b px-2 pl-4 text-left font-normal"
              >
                <TextLink to="/clients/$id" params={{ id: child.id }} search={{ tab: "health" }}>
                  {child.name}
                </TextLink>
              </th>
              <Td>
                <HealthMark score={child.health} class={child.healthClass ?? undefined} word />
              </Td>
              <Td end>{format.money(child.mrrCents)}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}
