/** The menu of what is drawn without a chart's frame: as an image, and as the figures behind it. */
import { Download, Ellipsis, Image } from "lucide-react";
import { useTranslation } from "react-i18next";
import { type CsvCell, downloadCsv, fileName } from "@/lib/download";
import { useLocale } from "@/lib/i18n";
import { IconButton } from "../ui/button";
import { Menu, MenuItem } from "../ui/menu";
import { toastError } from "../ui/toast";

export interface ExportMenuProps {
  /** Says what is exported: "Export the cohorts". */
  label: string;
  /** Above the image, and the name of the files. */
  title: string;
  /** Draws the image and hands it over. */
  png: (title: string, name: string) => Promise<void>;
  csv: () => { head: readonly string[]; rows: readonly CsvCell[][] };
}

export function ExportMenu({ label, title, png, csv }: ExportMenuProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <Menu
      trigger={
        <IconButton label={label}>
          <Ellipsis aria-hidden />
        </IconButton>
      }
    >
      <MenuItem
        icon={<Image aria-hidden />}
        onSelect={() => void png(title, fileName(title)).catch(toastError)}
      >
        {t("chart.png")}
      </MenuItem>
      <MenuItem
        icon={<Download aria-hidden />}
        onSelect={() => {
          const { head, rows } = csv();
          downloadCsv(fileName(title), head, rows, locale);
        }}
      >
        {t("chart.csv")}
      </MenuItem>
    </Menu>
  );
}
