package org.bolide.rules;

import java.util.List;
import java.util.Map;

import org.bolide.api.management.Rules.Kind;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** A {@link FilterRule} for each configuration. */
@Component(name = FilterRuleComponent.PID, configurationPid = FilterRuleComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true, service = {})
@Designate(ocd = FilterRuleComponent.Config.class, factory = true)
public final class FilterRuleComponent {

    static final String PID = "org.bolide.rules.filter";

    @ObjectClassDefinition(name = "Filter rule",
            description = "Decides in which language subscribers may filter; of all such rules the first that matches a language and a subscriber"
                    + " decides, and where none matches it is XPath alone.")
    @interface Config {

        @AttributeDefinition(name = "Order", description = "The rule's place: lower ones are asked first, equal ones by their names.")
        int order() default 100;

        @AttributeDefinition(name = "Action", options = {@Option("allow"), @Option("deny")},
                description = "Whether subscribers whom the rule matches may filter in its languages.")
        String action();

        @AttributeDefinition(name = "From", required = false,
                description = "Networks of the subscriber, for example 192.0.2.0/24 or 2001:db8::/32; everyone if empty.")
        String[] from() default {};

        @AttributeDefinition(name = "Listeners", required = false,
                description = "The listener to which the subscriber has connected: the name of its file, for example public in"
                        + " org.bolide.transport.broadcaster~public.cfg.json; any if empty.")
        String[] listeners() default {};

        @AttributeDefinition(name = "Languages", description = "The languages that the rule is about: xpath, xquery.")
        String[] languages() default {"xquery"};
    }

    private final RuleBook book;
    private final RuleFile file;

    @Activate
    public FilterRuleComponent(@Reference RuleBook book, Config config, Map<String, Object> properties) {
        this.book = book;
        file = RuleFile.of(PID, properties);
        book.add(read(config));
    }

    @Modified
    void modified(Config config) {
        book.edit(() -> read(config));
    }

    @Deactivate
    void deactivate() {
        book.remove(Kind.FILTER, file);
    }

    private FilterRule read(Config config) {
        List<String> languages = Rule.entries(config.languages());
        if (languages.isEmpty()) {
            throw file.wrong("languages", "name one at least, for example [\"xquery\"]");
        }
        return new FilterRule(
                Rule.Head.of(Kind.FILTER, file, config.order(), config.action(), ""),
                Subscribers.of(file, config.listeners(), "from", config.from()),
                languages);
    }
}
