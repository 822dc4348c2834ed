/** Each product over all clients of the matrix: owners, penetration, and what could still be sold of it. */
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { TextLink } from "@/components/ui/misc";
import { Loading, Skeleton } from "@/components/ui/states";
import { Table, Td, Th } from "@/components/ui/table";
import { useFormat } from "@/lib/session";
import type { MatrixPage } from "./api-matrix";
import type { Part } from "./part";

export interface MatrixProductsProps {
  page: MatrixPage | undefined;
  chosen: string | undefined;
  /** What the page is narrowed to, for the lists behind the figures. */
  part: Part;
  onChoose: (product: string | undefined) => void;
}

export function MatrixProducts({ page, chosen, part, onChoose }: MatrixProductsProps) {
  const { t } = useTranslation("opportunities");
  const format = useFormat();
  return (
    <Card aria-labelledby="matrix-products">
      <CardHeader
        id="matrix-products"
        title={t("matrix.byProduct")}
        subtitle={t("matrix.byProductText")}
      />
      {!page ? (
        <Loading className="px-4 pb-4">
          <Skeleton className="h-24 w-full" />
        </Loading>
      ) : page.products.length === 0 ? (
        <p className="px-4 pb-4 text-ink-2">{t("matrix.noProduct")}</p>
      ) : (
        <div className="max-h-80 overflow-y-auto">
          <Table aria-label={t("matrix.byProduct")}>
            <thead>
              <tr>
                <Th>{t("matrix.product")}</Th>
                <Th end>{t("matrix.owners")}</Th>
                <Th end>{t("matrix.penetration")}</Th>
                <Th end>{t("matrix.mrr")}</Th>
                <Th end>{t("matrix.suggested")}</Th>
                <Th end>{t("matrix.expected")}</Th>
              </tr>
            </thead>
            <tbody>
              {page.products.map((product) => (
                <tr key={product.product}>
                  <Td className="font-medium">{product.product}</Td>
                  <Td end>
                    {/* A list of clients takes one product: who pays for two has none to lead to. */}
                    {product.owners > 0 && (part.product ?? product.product) === product.product ? (
                      <TextLink
                        to="/clients/growth"
                        hash="clients"
                        search={{ ...part, product: product.product, status: "active" } as never}
                        aria-label={t("matrix.seeOwners", {
                          product: product.product,
                          n: format.number(product.owners),
                        })}
                      >
                        {format.number(product.owners)}
                      </TextLink>
                    ) : (
                      format.number(0)
                    )}
                  </Td>
                  <Td end>{format.percent(product.penetration ?? null, { digits: 0 })}</Td>
                  <Td end>{format.money(product.mrrCents)}</Td>
                  <Td end>
                    {product.suggested > 0 ? (
                      <Button
                        variant="link"
                        aria-pressed={chosen === product.product}
                        aria-label={t("matrix.seeSuggested", {
                          product: product.product,
                          n: format.number(product.suggested),
                        })}
                        onClick={() =>
                          onChoose(chosen === product.product ? undefined : product.product)
                        }
                      >
                        {format.number(product.suggested)}
                      </Button>
                    ) : (
                      format.number(0)
                    )}
                  </Td>
                  <Td end>
                    <span className="block font-semibold">
                      {format.money(product.amountCents > 0 ? product.expectedCents : null)}
                    </span>
                    {product.amountCents > 0 && (
                      <span className="block text-ink-2 text-meta">
                        {t("of", { amount: format.money(product.amountCents) })}
                      </span>
                    )}
                  </Td>
                </tr>
              ))}
            </tbody>
          </Table>
        </div>
      )}
      {page && page.moreProducts > 0 && (
        <p className="px-4 py-2.5 text-ink-2 text-meta">
          {t("matrix.more", { count: page.moreProducts, n: format.number(page.moreProducts) })}
        </p>
      )}
    </Card>
  );
}
