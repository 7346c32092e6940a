package org.bolide.rules;

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

/** A {@link RelayRule} for each configuration. */
@Component(name = RelayRuleComponent.PID, configurationPid = RelayRuleComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true, service = {})
@Designate(ocd = RelayRuleComponent.Config.class, factory = true)
public final class RelayRuleComponent {

    static final String PID = "org.bolide.rules.relay";

    @ObjectClassDefinition(name = "Relay rule",
            description = "Decides which events are sent to whom; of all such rules the first that matches an event and a subscriber decides,"
                    + " and what none matches is sent.")
    @interface Config {

        @AttributeDefinition(name = "Order", description = "The rule's place: lower ones are asked first, equal ones by their names.")
        int order() default 100;

        @AttributeDefinition(name = "Action", options = {@Option("allow"), @Option("deny")},
                description = "What becomes of an event that the rule matches.")
        String action();

        @AttributeDefinition(name = "Listeners", required = false,
                description = "The listener to which the subscriber has connected: the name of its file, for example public in"
                        + " org.bolide.transport.broadcaster~public.cfg.json; any if empty.")
        String[] listeners() default {};

        @AttributeDefinition(name = "To", required = false,
                description = "Networks of the subscriber, for example 192.0.2.0/24 or 2001:db8::/32; everyone if empty.")
        String[] to() default {};

        @AttributeDefinition(name = "Identifier prefixes", required = false,
                description = "How the event's IVOID begins, for example ivo://nasa.gsfc.gcn/SWIFT#; any if empty.")
        String[] identifierPrefixes() default {};

        @AttributeDefinition(name = "Roles", required = false,
                description = "The event's role: observation, prediction, utility or test; any if empty.")
        String[] roles() default {};

        @AttributeDefinition(name = "Filter", required = false, description = "A filter that the event passes; any event if empty.")
        String filter() default "";

        @AttributeDefinition(name = "Filter language", description = "The language of the filter.")
        String filterLanguage() default "xpath";

        @AttributeDefinition(name = "Reason", required = false, description = "Why, for the log; subscribers are not told.")
        String reason() default "";
    }

    private final RuleBook book;
    private final RuleFile file;

    @Activate
    public RelayRuleComponent(@Reference RuleBook book, Config config, Map<String, Object> properties) {
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
        book.remove(Kind.RELAY, file);
    }

    private RelayRule read(Config config) {
        return new RelayRule(
                Rule.Head.of(Kind.RELAY, file, config.order(), config.action(), config.reason()),
                Subscribers.of(file, config.listeners(), "to", config.to()),
                EventCriteria.of(config.identifierPrefixes(), config.roles()),
                Rule.FilterText.of(config.filter(), config.filterLanguage()));
    }
}
