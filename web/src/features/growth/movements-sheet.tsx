/** The clients behind a figure: each movement, newest first, with the way to its client. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { colorOf, movementColor } from "@/components/charts";
import { Change } from "@/components/ui/change";
import { Sheet } from "@/components/ui/dialog-panel";
import { useFormat } from "@/lib/session";
import { type Kind, type Movement, movementsQuery, waterfallQuery } from "./api";
import { reconcile } from "./figures";
import { firstDay, type Moves } from "./periods";
import { SheetRow, SheetRows } from "./sheet-rows";
import { useSlice } from "./slice";

export function MovementsSheet({
  moves,
  open,
  onOpenChange,
}: {
  moves: Moves | undefined;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const { t } = useTranslation("growth");
  return (
    <Sheet
      open={open}
      onOpenChange={onOpenChange}
      title={t(moves?.kind ? `sheet.title.${moves.kind}` : "sheet.title.all")}
      description={moves && <Facts moves={moves} />}
    >
      {moves && <List moves={moves} />}
    </Sheet>
  );
}

function Facts({ moves }: { moves: Moves }) {
  const { t } = useTranslation("growth");
  const format = useFormat();
  const { data, isPlaceholderData } = useQuery(waterfallQuery(moves, useSlice()));
  const period = t("sheet.period", {
    from: format.date(firstDay(moves)),
    to: format.date(moves.to),
  });
  if (!data || isPlaceholderData) return period;
  const kind = data.kinds.find((item) => item.kind === moves.kind);
  const all = reconcile(data);
  const count = moves.kind ? (kind?.count ?? 0) : all.count;
  const cents = moves.kind ? (kind?.cents ?? 0) : all.net;
  return (
    <>
      {period}
      <br />
      {t("movements", { count, n: format.number(count) })}
      {count > 0 && (
        <>
          {" · "}
          <span className="tnum font-semibold text-ink">
            {format.money(cents, { signed: true })}
          </span>
        </>
      )}
    </>
  );
}

function List({ moves }: { moves: Moves }) {
  const { t } = useTranslation("growth");
  const query = useInfiniteQuery(movementsQuery(moves, moves.kind, useSlice()));
  return (
    <SheetRows query={query} failed={t("sheet.error")} none={t("sheet.none")}>
      {(row) => <Row key={`${row.clientId}-${row.day}-${row.kind}`} row={row} />}
    </SheetRows>
  );
}

function KindMark({ kind }: { kind: Kind }) {
  return (
    <span
      aria-hidden
      className="size-2.5 shrink-0 rounded-[2px]"
      style={{ background: colorOf(movementColor[kind]) }}
    />
  );
}

function Row({ row }: { row: Movement }) {
  const { t } = useTranslation("growth");
  const format = useFormat();
  return (
    <SheetRow
      row={row}
      facts={
        <>
          <KindMark kind={row.kind} />
          {t(`oneKind.${row.kind}`)}
          <span aria-hidden>·</span>
          <time dateTime={row.day}>{format.date(row.day)}</time>
        </>
      }
      figure={
        <span className="text-right">
          <Change value={row.deltaCents} text={format.money(row.deltaCents, { signed: true })} />
          <span className="tnum block text-ink-3 text-meta">
            {t("sheet.after", { amount: format.money(row.mrrAfterCents) })}
          </span>
        </span>
      }
    />
  );
}
