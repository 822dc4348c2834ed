/** Clients × products: what each owns, and what could be sold to it because clients like it own it. */
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { Check, ChevronLeft, ChevronRight, Download, Grid3x3 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Column, DataTable } from "@/components/data-table";
import { Button, IconButton } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/input";
import { TextLink } from "@/components/ui/misc";
import { EmptyState } from "@/components/ui/states";
import { toastError } from "@/components/ui/toast";
import { downloadCsv, fileName } from "@/lib/download";
import { useLocale } from "@/lib/i18n";
import { useFormat } from "@/lib/session";
import { useUrlState } from "@/lib/use-url-state";
import { type MatrixClient, matrixFile, matrixQuery } from "./api-matrix";
import { type Chosen, MatrixCellSheet } from "./matrix-cell";
import { matrixSheet } from "./matrix-file";
import { MatrixProducts } from "./matrix-products";
import { type Part, usePart, WHOLE } from "./part";
import type { OpportunitySearch } from "./search";

/** Products beside each other: more would be many cells, and nobody compares them. */
const SHOWN = 8;

export function Matrix() {
  const { t } = useTranslation("opportunities");
  const format = useFormat();
  const locale = useLocale();
  const [search, set] = useUrlState<OpportunitySearch & Part>();
  const part = usePart();
  const [chosen, setChosen] = useState<Chosen>();
  const [first, setFirst] = useState(0);
  const params = {
    ...part,
    suggested: search.suggested,
  };
  const query = useInfiniteQuery(matrixQuery(params));
  const page = query.data?.pages[0];
  const rows = query.data?.pages.flatMap((one) => one.items) ?? [];
  const products = page?.products ?? [];
  const from = first < products.length ? first : 0;
  const shown = products.slice(from, from + SHOWN);
  const file = useMutation({
    mutationFn: async () => {
      const { header, rows } = matrixSheet(t, await matrixFile(params));
      downloadCsv(fileName(t("matrix.title")), header, rows, locale);
    },
    onError: toastError,
  });
  const filtered = Object.values(params).some(Boolean);
  const clear = () => set({ suggested: undefined, ...WHOLE });
  const cell = (row: MatrixClient, product: string) => {
    const held = row.cells[product];
    if (!held) return <span className="sr-only">{t("matrix.neither")}</span>;
    if (held.mrrCents != null) {
      return (
        <span className="flex items-center justify-end gap-1.5 text-ink-2">
          <Check className="size-3.5 shrink-0 text-excellent-text" aria-hidden />
          <span className="sr-only">{t("matrix.owned")}</span>
          {format.money(held.mrrCents)}
        </span>
      );
    }
    return (
      <Button
        variant="link"
        aria-haspopup="dialog"
        aria-label={t("matrix.open", {
          product,
          client: row.name,
          amount: format.money(held.expectedCents ?? null),
        })}
        onClick={() => setChosen({ client: row, product, cell: held })}
      >
        {format.money(held.expectedCents ?? null, { signed: true })}
      </Button>
    );
  };
  // Nothing to propose is not an amount.
  const potential = (row: MatrixClient) =>
    format.money(row.amountCents > 0 ? row.expectedCents : null);
  const columns: Column<MatrixClient>[] = [
    {
      key: "client",
      header: t("col.client"),
      width: 200,
      cell: (row) => (
        <>
          <TextLink
            to="/clients/$id"
            params={{ id: row.id }}
            className="block max-w-52 truncate text-ink"
          >
            {row.name}
          </TextLink>
          <span className="block max-w-52 truncate text-ink-2 text-meta">
            {[format.money(row.mrrCents), row.segment].filter(Boolean).join(" · ")}
          </span>
        </>
      ),
    },
    {
      key: "potential",
      header: t("matrix.potential"),
      align: "end",
      width: 120,
      cell: (row) => (
        <>
          <span className="block font-semibold">{potential(row)}</span>
          {row.amountCents > 0 && (
            <span className="block text-ink-2 text-meta">
              {t("of", { amount: format.money(row.amountCents) })}
            </span>
          )}
        </>
      ),
    },
    ...shown.map(
      (product): Column<MatrixClient> => ({
        key: product.product,
        header: (
          <span className="block max-w-32 truncate" title={product.product}>
            {product.product}
          </span>
        ),
        align: "end",
        width: 120,
        cell: (row) => cell(row, product.product),
      }),
    ),
  ];
  return (
    <>
      <MatrixProducts
        page={page}
        chosen={search.suggested}
        part={part}
        onChoose={(product) => set({ suggested: product })}
      />
      <Card aria-labelledby="matrix">
        <CardHeader
          id="matrix"
          title={t("matrix.title")}
          subtitle={
            page &&
            (search.suggested
              ? t("matrix.only", { product: search.suggested })
              : t("matrix.count", { count: page.total, n: format.number(page.total) }))
          }
          actions={
            <>
              {products.length > SHOWN && (
                <span className="flex items-center gap-1">
                  <IconButton
                    label={t("matrix.before")}
                    disabled={from === 0}
                    onClick={() => setFirst(Math.max(0, from - SHOWN))}
                  >
                    <ChevronLeft aria-hidden />
                  </IconButton>
                  <span className="text-ink-2 text-meta max-md:hidden">
                    {t("matrix.products", {
                      from: format.number(from + 1),
                      to: format.number(Math.min(from + SHOWN, products.length)),
                      of: format.number(products.length),
                    })}
                  </span>
                  <IconButton
                    label={t("matrix.after")}
                    disabled={from + SHOWN >= products.length}
                    onClick={() => setFirst(from + SHOWN)}
                  >
                    <ChevronRight aria-hidden />
                  </IconButton>
                </span>
              )}
              <Button busy={file.isPending} onClick={() => file.mutate()}>
                <Download aria-hidden />
                {t("matrix.export")}
              </Button>
            </>
          }
        />
        <div className="grid grid-cols-2 gap-2 px-4 pb-3 md:flex md:flex-wrap">
          <Choice
            label={t("filter.suggested")}
            value={search.suggested}
            options={products.map(({ product }) => ({ value: product, label: product }))}
            onChange={(suggested) => set({ suggested })}
          />
          {filtered && (
            <Button variant="ghost" className="self-end" onClick={clear}>
              {t("empty.clear")}
            </Button>
          )}
        </div>
        <DataTable
          label={t("matrix.title")}
          rows={rows}
          rowKey={(row) => row.id}
          rowLabel={(row) => row.name}
          rowHeight={45}
          total={search.suggested ? undefined : page?.total}
          hasMore={query.hasNextPage}
          loadingMore={query.isFetchingNextPage}
          onLoadMore={() => void query.fetchNextPage()}
          loading={query.isPending}
          error={query.error}
          errorTitle={t("matrix.error")}
          onRetry={() => void query.refetch()}
          resetKey={JSON.stringify(params)}
          empty={
            <EmptyState
              level={3}
              icon={<Grid3x3 aria-hidden />}
              title={t("matrix.none")}
              text={t("matrix.noneText")}
              actions={filtered && <Button onClick={clear}>{t("empty.clear")}</Button>}
            />
          }
          columns={columns}
          renderCard={(row) => (
            <div className="flex flex-col gap-1">
              <span className="flex items-center justify-between gap-3">
                <TextLink
                  to="/clients/$id"
                  params={{ id: row.id }}
                  className="min-w-0 break-words text-ink"
                >
                  {row.name}
                </TextLink>
                <span className="tnum shrink-0 font-semibold">{potential(row)}</span>
              </span>
              {shown
                .filter(({ product }) => row.cells[product])
                .map(({ product }) => (
                  <span key={product} className="flex items-center justify-between gap-3">
                    <span className="min-w-0 truncate text-ink-2 text-meta">{product}</span>
                    <span className="tnum shrink-0 text-meta">{cell(row, product)}</span>
                  </span>
                ))}
            </div>
          )}
        />
      </Card>
      <p className="px-1 text-ink-2 text-meta">{t("matrix.how")}</p>
      <MatrixCellSheet chosen={chosen} onClose={() => setChosen(undefined)} />
    </>
  );
}

function Choice({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string | undefined;
  options: { value: string; label: string }[] | undefined;
  onChange: (value: string | undefined) => void;
}) {
  const { t } = useTranslation("opportunities");
  const all = options ?? [];
  if (all.length === 0 && !value) return null;
  return (
    <Field label={label} className="md:w-44">
      <Select value={value ?? ""} onChange={(event) => onChange(event.target.value || undefined)}>
        <option value="">{t("filter.every")}</option>
        {value && !all.some((option) => option.value === value) && (
          <option value={value}>{value}</option>
        )}
        {all.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </Select>
    </Field>
  );
}
