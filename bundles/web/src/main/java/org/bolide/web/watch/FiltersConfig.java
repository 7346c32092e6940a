package org.bolide.web.watch;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "Filters of the page", description = "Filters that people register on the page.")
@interface FiltersConfig {

    @AttributeDefinition(name = "Filters", min = "0", max = "10000", description = "How many filters may be registered on the page; 0 for none.")
    int maxFilters() default 200;

    @AttributeDefinition(name = "Longest trial", min = "1", max = "600",
            description = "For how long a filter is tried on past events before it is registered, in seconds; the newest are tried first.")
    int trialSeconds() default 5;
}
