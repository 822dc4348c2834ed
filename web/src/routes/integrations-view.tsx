/** What comes in: sources of usage, and files. */
import { History } from "@/features/connectors/history";
import { IntegrationsPage } from "@/features/usage/integrations-page";

export function IntegrationsView() {
  return <IntegrationsPage imports={<History />} />;
}
