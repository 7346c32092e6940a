package org.bolide.shell.ssh;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "ssh", description = "Takes the commands by ssh from the users that \"bolide user\" has added.")
@interface SshConfig {

    @AttributeDefinition(name = "Port", min = "0", max = "65535",
            description = "TCP port on which ssh clients are served; 0 for any free one.")
    int port() default 8101;

    @AttributeDefinition(name = "Address",
            description = "Address of this machine to listen on; 0.0.0.0 for all, which lets everybody on the network try passwords.")
    String address() default "127.0.0.1";

    @AttributeDefinition(name = "Idle time", min = "1", max = "1440",
            description = "How long a session may be idle before it is closed, in minutes.")
    int idleMinutes() default 30;
}
