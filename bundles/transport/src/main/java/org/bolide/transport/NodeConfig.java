package org.bolide.transport;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "Transport", description = "What all listeners and subscriptions of this broker share.")
@interface NodeConfig {

    @AttributeDefinition(name = "Local IVOID", required = false, description = "This broker's own identifier,"
            + " for example ivo://example.org/broker; required to receive or to broadcast.")
    String localIvoid() default "";

    @AttributeDefinition(name = "Places kept", min = "1", max = "36500",
            description = "For how long a subscriber with a name is remembered that does not come back, in days.")
    int keepPlacesDays() default 30;
}
