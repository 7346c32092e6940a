package org.bolide.web.http;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "Page", description = "Shows the page, and the JSON API under it, by HTTP.")
@interface PageConfig {

    @AttributeDefinition(name = "Port", min = "0", max = "65535", description = "TCP port of the page; 0 for any free one.")
    int port() default 8880;

    @AttributeDefinition(name = "Address", required = false,
            description = "Address of this machine to listen on; empty for all. Whoever reaches it may read events.")
    String address() default "127.0.0.1";

    @AttributeDefinition(name = "Host names", required = false,
            description = "Names by which browsers ask for the page besides localhost and addresses, such as a reverse proxy's; separated by blanks.")
    String hosts() default "";
}
