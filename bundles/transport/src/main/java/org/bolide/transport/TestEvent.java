package org.bolide.transport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import org.bolide.api.Submission;

/** The event by which a broker shows that it is well: it takes the same way as an author's, and is kept a day. */
final class TestEvent {

    private TestEvent() {
    }

    static Submission of(Ivoid broker, Instant when) {
        String time = when.truncatedTo(ChronoUnit.SECONDS).toString();
        // an IVOID has no character that XML would need to escape, but for these two
        String author = broker.resource().replace("&", "&amp;").replace("'", "&apos;");
        String text = """
                <?xml version="1.0" encoding="UTF-8"?>
                <voe:VOEvent xmlns:voe="http://www.ivoa.net/xml/VOEvent/v2.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                    xsi:schemaLocation="http://www.ivoa.net/xml/VOEvent/v2.0 http://www.ivoa.net/xml/VOEvent/VOEvent-v2.0.xsd"
                    version="2.0" role="test" ivorn="%s#TestEvent-%s">
                  <Who>
                    <AuthorIVORN>%s</AuthorIVORN>
                    <Date>%s</Date>
                  </Who>
                  <What>
                    <Description>Test event of the broker %s (Bolide): it shows that events are received, stored and sent. Nothing was observed.</Description>
                  </What>
                </voe:VOEvent>
                """.formatted(author, time, author, time, author);
        return Submission.fromAuthor(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), "this broker's test event")
                .keptFor(Duration.ofDays(1));
    }
}
