/** The cockpit: the day in a sentence, the figures, what to do by what it is worth, what moved. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Columns, useAnnouncePage } from "@/components/layout/page-header";
import { DayFigures, OutlookCard, useDay, WeekCard } from "@/features/growth/day";
import { NoClients } from "@/features/growth/no-clients";
import { DayCard, DaySentence } from "@/features/opportunities/day";
import { dueQuery } from "@/features/tasks/api";
import { TasksKpi } from "@/features/tasks/tasks-kpi";
import { useFormat, useSession } from "@/lib/session";

export function CockpitView() {
  const { t } = useTranslation();
  const format = useFormat();
  const { user } = useSession();
  const day = useDay();
  const due = useQuery(dueQuery);
  const title = t("nav.cockpit");
  useAnnouncePage(title);
  const empty = day.data?.clientsTotal === 0;
  // A list of tasks that cannot be read says so in its own card; the moves are shown without it.
  const tasks = due.data?.items.filter((task) => task.due != null && task.due <= due.data.today);
  return (
    <>
      <header className="mb-4 max-md:mb-3">
        <p className="text-body text-ink-2">
          {t("cockpit.hello", {
            name: user.name.split(" ")[0],
            day: format.dateLong(day.data?.asOf ?? format.today()),
          })}
        </p>
        <h1 className="mt-0.5 font-semibold text-page">{empty ? title : <DaySentence />}</h1>
      </header>
      {empty ? (
        <NoClients onWait={day.refetch} />
      ) : (
        <div className="flex flex-col gap-4 max-md:gap-3">
          <DayFigures last={<TasksKpi />} />
          <Columns
            main={<DayCard due={tasks ?? (due.isError ? [] : undefined)} />}
            side={
              <>
                <WeekCard />
                <OutlookCard />
              </>
            }
          />
        </div>
      )}
    </>
  );
}
