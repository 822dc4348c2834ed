/** What each role may do: the server's own table, not a copy of it. */
import { useQuery } from "@tanstack/react-query";
import { Check } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Card, CardHeader } from "@/components/ui/card";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { Table, Td, Th } from "@/components/ui/table";
import { type RoleTable, rolesQuery } from "./api";

export function Rights() {
  const { t } = useTranslation("identity");
  const { data, error, refetch } = useQuery(rolesQuery);
  return (
    <Card aria-labelledby="rights">
      <CardHeader id="rights" title={t("people.rights")} subtitle={t("people.rightsText")} />
      {data ? (
        <>
          <Matrix table={data} />
          <List table={data} />
        </>
      ) : error ? (
        <div className="px-4 pb-4">
          <ErrorState
            title={t("people.rightsError")}
            error={error}
            onRetry={() => void refetch()}
          />
        </div>
      ) : (
        <Loading className="px-4 pb-4">
          <Skeleton className="h-64 w-full" />
        </Loading>
      )}
    </Card>
  );
}

function useWords() {
  const { t } = useTranslation("identity");
  // An action that this interface has no words for is shown by its own name.
  return (action: string) =>
    t(`people.right.${action}`, { defaultValue: action.replaceAll("_", " ") });
}

function Matrix({ table }: { table: RoleTable }) {
  const { t } = useTranslation(["identity", "common"]);
  const words = useWords();
  const [yes, no] = [t("people.may"), t("people.mayNot")];
  return (
    <div className="max-md:hidden">
      <Table aria-label={t("people.rights")}>
        <thead>
          <tr>
            <Th>{t("people.action")}</Th>
            {table.roles.map((role) => (
              <Th key={role} className="text-center">
                {t(`common:user.role.${role}`)}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.actions.map(({ action, roles }) => (
            <tr key={action}>
              <th
                scope="row"
                className="min-w-48 border-border border-b py-2 pr-2 pl-4 text-left font-normal"
              >
                {words(action)}
              </th>
              {table.roles.map((role) => {
                const may = roles.includes(role);
                return (
                  <Td key={role} className="text-center">
                    {may ? (
                      <Check className="inline size-4 text-excellent-text" aria-hidden />
                    ) : (
                      <span aria-hidden className="text-ink-3">
                        ·
                      </span>
                    )}
                    <span className="sr-only">{may ? yes : no}</span>
                  </Td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}

/** On phones each action says from which role on it is allowed: five columns do not fit. */
function List({ table }: { table: RoleTable }) {
  const { t } = useTranslation(["identity", "common"]);
  const words = useWords();
  return (
    <ul className="divide-y divide-border border-border border-t md:hidden">
      {table.actions.map(({ action, leastRole }) => (
        <li key={action} className="px-4 py-2.5">
          <span className="block">{words(action)}</span>
          <span className="block text-ink-2 text-meta">
            {t("people.actionsLeast", { role: t(`common:user.role.${leastRole}`) })}
          </span>
        </li>
      ))}
    </ul>
  );
}
