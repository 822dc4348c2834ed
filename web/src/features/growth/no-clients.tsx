/** A workspace without clients: what will be here, and two ways in. */
import { Link } from "@tanstack/react-router";
import { FileUp, Plug, Sprout } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useEnterDemo } from "@/components/layout/session-actions";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/states";
import { useSession } from "@/lib/session";

export function NoClients({ onWait }: { onWait: () => unknown }) {
  const { t } = useTranslation("growth");
  const { t: words } = useTranslation();
  const { isDemo } = useSession().workspace;
  const demo = useEnterDemo();
  // The demonstration is made in the background: its clients appear by themselves.
  useEffect(() => {
    if (!isDemo) return;
    const timer = setInterval(onWait, 2000);
    return () => clearInterval(timer);
  }, [isDemo, onWait]);
  if (isDemo) {
    return (
      <Card>
        <EmptyState title={t("empty.demoTitle")} text={t("empty.demoText")} />
      </Card>
    );
  }
  return (
    <Card>
      <EmptyState
        icon={<Sprout aria-hidden />}
        title={t("empty.title")}
        text={t("empty.text")}
        actions={
          <>
            <Button variant="primary" asChild>
              <Link to="/integrations">
                <Plug aria-hidden />
                {t("empty.connect")}
              </Link>
            </Button>
            <Button asChild>
              <Link to="/clients/import">
                <FileUp aria-hidden />
                {t("empty.import")}
              </Link>
            </Button>
            <Button busy={demo.isPending} onClick={() => demo.mutate()}>
              {words("workspace.tryDemo")}
            </Button>
          </>
        }
      />
    </Card>
  );
}
