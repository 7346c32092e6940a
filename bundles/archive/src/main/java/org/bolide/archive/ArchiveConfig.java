package org.bolide.archive;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "Archive", description = "Queries of the event log by HTTP, as voeventdb answers them, and exports.")
@interface ArchiveConfig {

    @AttributeDefinition(name = "Default rows", min = "1", max = "1000000", description = "How many rows a list has when the query names no limit.")
    int defaultRows() default 100;

    @AttributeDefinition(name = "Most rows", min = "1", max = "1000000", description = "The highest limit that a query may name.")
    int maxRows() default 10_000;

    @AttributeDefinition(name = "Most exports", min = "1", max = "64", description = "How many exports may run at once; who comes beyond is told to try again later.")
    int maxExports() default 3;
}
