package org.bolide.web.watch;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "Watching by the page", description = "Browsers that watch events arrive.")
@interface WatchConfig {

    @AttributeDefinition(name = "Watchers", min = "1", max = "100000", description = "How many browser windows may watch at the same time.")
    int maxWatchers() default 1000;

    @AttributeDefinition(name = "Watchers of an address", min = "1", max = "100000",
            description = "How many browser windows of one address may watch at the same time; this machine's own may all.")
    int maxWatchersPerAddress() default 100;

    @AttributeDefinition(name = "Sign of life", min = "1", max = "3600",
            description = "After how long without news a watching browser is sent a sign of life, in seconds; by it a browser that has gone is noticed.")
    int keepAliveSeconds() default 15;

    @AttributeDefinition(name = "Longest standstill", min = "1", max = "86400",
            description = "For how long a watching browser may take nothing of what it is sent before its connection is closed, in seconds.")
    int stalledSeconds() default 120;
}
