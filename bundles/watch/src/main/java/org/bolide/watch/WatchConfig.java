package org.bolide.watch;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "Watch", description = "Learns how often each stream and each remote broker brings events, and tells when one has fallen silent.")
@interface WatchConfig {

    @AttributeDefinition(name = "Alarm", description = "Whether a stream or remote broker that falls silent is reported.")
    boolean alarm() default true;

    @AttributeDefinition(name = "Shortest silence", min = "1", max = "31536000",
            description = "A shorter silence is never reported, in seconds, however often events come otherwise.")
    int minSilenceSeconds() default 3_600;

    @AttributeDefinition(name = "Events to learn from", min = "2", max = "1000000",
            description = "How many events of a stream there must have been before its silence means something.")
    int learnEvents() default 20;

    @AttributeDefinition(name = "Hours to learn from", min = "0", max = "8760",
            description = "Over how many hours they must have come, in up to five different ones of them.")
    int learnHours() default 6;

    @AttributeDefinition(name = "Days to learn the rhythm", min = "0", max = "365",
            description = "For how many days after its first event a stream may be silent for 24 hours, because it may come by night only.")
    int rhythmDays() default 3;
}
