package org.bolide.shell.command;

import java.util.List;
import java.util.Locale;

import org.bolide.api.management.Rules;
import org.bolide.api.management.Rules.RuleStatus;

/** {@code rules}: the owner's rules, in the order in which they are asked. */
final class RulesCommand implements Command {

    private static final Grammar GRAMMAR = Grammar.of("rules", Form.shows(""));

    private static final Listing<RuleStatus> LISTING = new Listing<RuleStatus>()
            .column("On", "kind", rule -> rule.kind().name().toLowerCase(Locale.ROOT))
            .column(">Order", "order", RuleStatus::order)
            .column("Name", "name", RuleStatus::name)
            .column("Verdict", "allow", RuleStatus::allow, rule -> rule.allow() ? "allow" : "deny")
            .column(">Matched", "matched", RuleStatus::matched)
            .json("condition", RuleStatus::condition)
            .json("fault", RuleStatus::fault)
            .shown("What", rule -> Screen.line(rule.fault().map(fault -> "DOES NOT DECIDE: " + fault + ": ").orElse("") + rule.condition()).strip());

    private final Services services;

    RulesCommand(Services services) {
        this.services = services;
    }

    @Override
    public Grammar grammar() {
        return GRAMMAR;
    }

    @Override
    public int run(Call call) throws Refusal {
        List<RuleStatus> rules = services.need(Rules.class).rules();
        if (rules.isEmpty() && !call.wantsJson()) {
            call.out().println("There are no rules: every event is accepted, and sent to whoever wants it.");
        } else {
            call.show(LISTING, rules);
        }
        return 0;
    }
}
