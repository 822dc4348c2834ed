/** Why a product is suggested to a client: the counts behind it, and what it is expected to bring. */
import { useTranslation } from "react-i18next";
import { Sheet } from "@/components/ui/dialog";
import { TextLink } from "@/components/ui/misc";
import { opportunityEvidence } from "@/lib/opportunity-words";
import { useFormat } from "@/lib/session";
import type { MatrixCell, MatrixClient } from "./api-matrix";
import { StateBadge } from "./detail-sheet";

export interface Chosen {
  client: MatrixClient;
  product: string;
  cell: MatrixCell;
}

export function MatrixCellSheet({
  chosen,
  onClose,
}: {
  chosen: Chosen | undefined;
  onClose: () => void;
}) {
  const { t } = useTranslation("opportunities");
  const format = useFormat();
  const cell = chosen?.cell;
  return (
    <Sheet
      open={chosen !== undefined}
      onOpenChange={(open) => !open && onClose()}
      title={chosen ? t("matrix.why", { product: chosen.product }) : ""}
      description={chosen?.client.name ?? ""}
    >
      {chosen && cell && (
        <div className="flex flex-col gap-5">
          <section>
            <h3 className="font-semibold">{t("detail.evidence")}</h3>
            <ul className="mt-1 list-disc pl-5">
              {(cell.evidence ?? []).map((fact) => (
                <li key={fact.key}>{opportunityEvidence(format, fact)}</li>
              ))}
            </ul>
          </section>
          <section>
            <h3 className="font-semibold">{t("detail.value")}</h3>
            <p className="tnum mt-1">
              {format.money(cell.amountCents ?? null)} ×{" "}
              {format.percent(cell.probability ?? null, { digits: 0 })} ={" "}
              <strong>{format.money(cell.expectedCents ?? null)}</strong>
            </p>
            <p className="text-ink-2 text-meta">{t("matrix.amountHelp")}</p>
          </section>
          <section className="flex flex-col items-start gap-2">
            {cell.opportunityId ? (
              <>
                {cell.opportunityState && <StateBadge state={cell.opportunityState} />}
                <TextLink
                  to="/clients/growth"
                  search={{ tab: "opportunities", opportunity: cell.opportunityId } as never}
                >
                  {t("actions.seeOpportunity")}
                </TextLink>
              </>
            ) : (
              <p className="text-ink-2">{t("matrix.notFirst")}</p>
            )}
            <TextLink to="/clients/$id" params={{ id: chosen.client.id }}>
              {t("openClient")}
            </TextLink>
          </section>
        </div>
      )}
    </Sheet>
  );
}
