/** From a figure of a list to how it is made, and to its rows. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { TextLink } from "@/components/ui/misc";
import { NumberDoor } from "@/components/ui/number-door";
import { useFormat } from "@/lib/session";
import type { List, Totals } from "./api";
import { usePart } from "./part";

export function ListDoor({
  list,
  totals,
  children,
}: {
  list: List;
  totals: Totals;
  children: ReactNode;
}) {
  const { t } = useTranslation("opportunities");
  const { t: words } = useTranslation();
  const format = useFormat();
  const part = usePart();
  const loss = list === "retention";
  return (
    <NumberDoor
      provenance={{
        title: words(`opportunity.list.${list}`),
        formula: t(loss ? "detail.formulaKept" : "detail.formula"),
        parts: [
          {
            label: t("count", { count: totals.count, n: format.number(totals.count) }),
            value: t("clients", { count: totals.clients, n: format.number(totals.clients) }),
          },
          { label: t(loss ? "stake" : "amount"), value: format.money(totals.amountCents) },
        ],
        total: {
          label: t(loss ? "expectedKept" : "expected"),
          value: format.money(totals.expectedCents),
        },
        links: (
          <TextLink to="/clients/growth" search={{ tab: "opportunities", list, ...part } as never}>
            {t("seeAll", { count: totals.count, n: format.number(totals.count) })}
          </TextLink>
        ),
      }}
    >
      {children}
    </NumberDoor>
  );
}
