/** The portfolio by stage: cards in columns, moved by drag or by menu; the reason is asked in place. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Route } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Card as Box } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/input";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { usePhone } from "@/lib/hooks";
import { useCan, useFormat } from "@/lib/session";
import { useUrlState } from "@/lib/use-url-state";
import { type Board as BoardData, boardQuery, type Card } from "./api-portfolio";
import { BoardColumn } from "./board-column";
import { InferButton } from "./infer";
import { PortfolioFilters, usePortfolioParams } from "./portfolio-filters";
import type { PortfolioSearch } from "./search";
import { useLabel } from "./words";

/** A card on its way to another stage, until the reason is given. */
export interface Moving {
  card: Card;
  to: string;
}

export function Board() {
  const { t } = useTranslation("journey");
  const { slice } = usePortfolioParams();
  const { data, error, refetch } = useQuery(boardQuery(slice));
  if (error && !data) {
    return <ErrorState title={t("board.error")} error={error} onRetry={() => void refetch()} />;
  }
  if (!data) {
    return (
      <Loading className="grid gap-3 md:grid-cols-3 xl:grid-cols-5">
        {[0, 1, 2, 3, 4].map((column) => (
          <Skeleton key={column} className="h-80 w-full" />
        ))}
      </Loading>
    );
  }
  return (
    <div className="flex flex-col gap-3">
      <PortfolioFilters search />
      <Facts board={data} />
      {onBoard(data) === 0 ? <Nobody board={data} /> : <Columns board={data} />}
    </div>
  );
}

/** Whose journey is under way. */
const onBoard = (board: BoardData) => board.stages.reduce((sum, stage) => sum + stage.clients, 0);

/** Who is not on the board: each count opens its clients. */
function Facts({ board }: { board: BoardData }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const [, set] = useUrlState<PortfolioSearch>();
  const manage = useCan("manage");
  const list = (only: "none" | "completed", count: number) => (
    <button
      type="button"
      className="min-h-6 rounded-check text-accent-words underline-offset-4 hover:underline pointer-coarse:min-h-10"
      onClick={() =>
        set({ show: "late", only, inStage: undefined, named: undefined }, { push: true })
      }
    >
      {t(`board.${only}`, { count, n: format.number(count) })}
    </button>
  );
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-ink-2">
      <span>{t("board.total", { count: onBoard(board), n: format.number(onBoard(board)) })}</span>
      {board.completed > 0 && list("completed", board.completed)}
      {board.withoutJourney > 0 && list("none", board.withoutJourney)}
      {manage && board.withoutJourney > 0 && <InferButton count={board.withoutJourney} />}
    </div>
  );
}

function Nobody({ board }: { board: BoardData }) {
  const { t } = useTranslation("journey");
  const manage = useCan("manage");
  return (
    <Box>
      <EmptyState
        icon={<Route aria-hidden />}
        title={t("board.emptyTitle")}
        text={t(board.withoutJourney > 0 ? "board.emptyText" : "board.emptyNobody")}
        actions={
          manage && (
            <Button asChild>
              <Link to="/settings/$section" params={{ section: "journeys" }}>
                {t("board.settings")}
              </Link>
            </Button>
          )
        }
      />
    </Box>
  );
}

function Columns({ board }: { board: BoardData }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const write = useLabel();
  const phone = usePhone();
  const [moving, setMoving] = useState<Moving>();
  const [only, setOnly] = useState<string>();
  // On a phone one stage fills the screen: the one that a card goes to, the chosen one, the first with clients.
  const shown =
    moving?.to ??
    only ??
    board.stages.find((stage) => stage.clients > 0)?.key ??
    board.stages[0]?.key;
  const stages = phone ? board.stages.filter((stage) => stage.key === shown) : board.stages;
  return (
    <>
      {phone && (
        <Field label={t("board.stage")}>
          <Select value={shown} onChange={(event) => setOnly(event.target.value)}>
            {board.stages.map((stage) => (
              <option key={stage.key} value={stage.key}>
                {t("board.option", { stage: write(stage.label), n: format.number(stage.clients) })}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <div
        // biome-ignore lint/a11y/noNoninteractiveTabindex: many stages scroll sideways
        tabIndex={0}
        role="group"
        aria-label={t("board.label")}
        className="overflow-x-auto pb-2"
      >
        <div className="grid grid-flow-col gap-3 max-md:auto-cols-[100%] md:auto-cols-[minmax(184px,1fr)]">
          {stages.map((stage) => (
            <BoardColumn
              key={stage.key}
              stage={stage}
              stages={board.stages}
              moving={moving?.to === stage.key ? moving : undefined}
              onMove={(card, to) => setMoving({ card, to })}
              onDone={() => {
                setMoving(undefined);
                if (phone) setOnly(stage.key);
              }}
            />
          ))}
        </div>
      </div>
    </>
  );
}
