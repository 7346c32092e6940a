package org.bolide.rules;

import java.util.Map;
import java.util.Optional;

import org.bolide.api.Submission.Origin;
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

/** An {@link AcceptRule} for each configuration. */
@Component(name = AcceptRuleComponent.PID, configurationPid = AcceptRuleComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true, service = {})
@Designate(ocd = AcceptRuleComponent.Config.class, factory = true)
public final class AcceptRuleComponent {

    static final String PID = "org.bolide.rules.accept";

    @ObjectClassDefinition(name = "Accept rule",
            description = "Decides which events are taken; of all such rules the first that matches an event decides, and what none matches is taken.")
    @interface Config {

        @AttributeDefinition(name = "Order", description = "The rule's place: lower ones are asked first, equal ones by their names.")
        int order() default 100;

        @AttributeDefinition(name = "Action", options = {@Option("allow"), @Option("deny")},
                description = "What becomes of an event that the rule matches.")
        String action();

        @AttributeDefinition(name = "Sources", required = false,
                description = "Who brings the event: networks such as 192.0.2.0/24, or names as the log shows them behind source=,"
                        + " for example a remote broker's voevent.example.org:8099; anyone if empty.")
        String[] sources() default {};

        @AttributeDefinition(name = "Origin", options = {@Option("any"), @Option("author"), @Option("broker")},
                description = "Whether the event comes from its author or from another broker.")
        String origin() default "any";

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

        @AttributeDefinition(name = "Reason", required = false, description = "Why, for the author of a refused event and for the log.")
        String reason() default "";
    }

    private final RuleBook book;
    private final RuleFile file;

    @Activate
    public AcceptRuleComponent(@Reference RuleBook book, Config config, Map<String, Object> properties) {
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
        book.remove(Kind.ACCEPT, file);
    }

    private AcceptRule read(Config config) {
        return new AcceptRule(
                Rule.Head.of(Kind.ACCEPT, file, config.order(), config.action(), config.reason()),
                Sources.of(file, "sources", config.sources()),
                origin(config.origin()),
                EventCriteria.of(config.identifierPrefixes(), config.roles()),
                Rule.FilterText.of(config.filter(), config.filterLanguage()));
    }

    private Optional<Origin> origin(String text) {
        return switch (text) {
            case "any" -> Optional.empty();
            case "author" -> Optional.of(Origin.AUTHOR);
            case "broker" -> Optional.of(Origin.BROKER);
            default -> throw file.wrong("origin", "'" + text + "' must be any, author or broker");
        };
    }
}
