/** What is held of a person: handed out to an administrator, erased by an owner. */
import { useQueryClient } from "@tanstack/react-query";
import { Download, Eraser } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { apiUrl } from "@/lib/api";
import { useCan } from "@/lib/session";
import type { ClientDetail, Contact } from "./api";

const EraseDialog = lazy(async () => ({ default: (await import("./page-erase")).EraseDialog }));

export function PersonData({
  client,
  contact,
  onClose,
}: {
  client: ClientDetail;
  contact: Contact;
  onClose: () => void;
}) {
  const { t } = useTranslation("client");
  const administer = useCan("administer");
  const own = useCan("own");
  const queries = useQueryClient();
  const [erasing, setErasing] = useState(false);
  const path = `/clients/${client.id}/contacts/${contact.id}`;
  if (!administer) return null;
  return (
    <section
      aria-label={t("person.data")}
      className="flex flex-wrap items-center gap-2 border-border border-t pt-4"
    >
      <a
        href={apiUrl(`${path}/export`)}
        download
        className="inline-flex min-h-9 items-center gap-2 rounded-control border border-border-strong px-3 text-body hover:bg-sunken pointer-coarse:min-h-11 [&_svg]:size-4"
      >
        <Download aria-hidden />
        {t("person.export")}
      </a>
      {own && (
        <Button variant="danger" onClick={() => setErasing(true)}>
          <Eraser aria-hidden />
          {t("person.erase")}
        </Button>
      )}
      <Suspense>
        {erasing && (
          <EraseDialog
            of="contact"
            name={contact.name || contact.email || contact.externalId}
            path={`${path}/erase`}
            onClose={() => setErasing(false)}
            onErased={() => {
              onClose();
              void queries.invalidateQueries({ queryKey: ["clients"] });
            }}
          />
        )}
      </Suspense>
    </section>
  );
}
