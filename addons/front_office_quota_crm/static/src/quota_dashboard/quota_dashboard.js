import { QuotaDashboard } from "@front_office_quota/quota_dashboard/quota_dashboard";
import { QuotaWhatIfDialog } from "@front_office_quota_crm/what_if/what_if";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";

/** From a row of the month's screen to what it ends with if more is won, or less. */
patch(QuotaDashboard.prototype, {
    setup() {
        super.setup(...arguments);
        this.dialog = useService("dialog");
    },

    whatIfTitle(holder) {
        return _t("What if: %(holder)s, %(period)s", {
            holder: holder.name,
            period: this.state.data.period_name,
        });
    },

    openWhatIf(holder) {
        this.dialog.add(QuotaWhatIfDialog, {
            resId: holder.id,
            title: this.whatIfTitle(holder),
        });
    },
});
