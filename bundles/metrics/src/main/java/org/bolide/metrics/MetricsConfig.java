package org.bolide.metrics;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "Metrics", description = "Shows metrics and health by HTTP.")
@interface MetricsConfig {

    @AttributeDefinition(name = "Port", min = "0", max = "65535",
            description = "TCP port of /metrics, /health/live and /health/ready; 0 for any free one.")
    int port() default 9464;

    @AttributeDefinition(name = "Address", required = false,
            description = "Address of this machine to listen on; empty for all. Whoever reaches it may read everything.")
    String address() default "127.0.0.1";
}
