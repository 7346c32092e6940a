package org.bolide.handler.saveevent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

import org.bolide.api.BrokerEvent;
import org.bolide.api.BrokerEventHandler;
import org.bolide.api.Outcome;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

/**
 * Writes each event, byte for byte, to a file of its own. The file appears whole or not at all, and is on disk before
 * the event counts as done. No file is ever overwritten; an event that comes again finds its file and is done.
 */
@Component(name = "org.bolide.handler.saveevent", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = SaveEvent.Config.class, factory = true)
public final class SaveEvent implements BrokerEventHandler {

    @ObjectClassDefinition(name = "save-event", description = "Writes each event to a file of its own.")
    @interface Config {

        @AttributeDefinition(name = "Name", description = "The handler's name; each handler of a broker needs its own.")
        String handler_name() default "save-event";

        @AttributeDefinition(name = "Filter", required = false,
                description = "Only events that match this filter are saved; all if empty.")
        String handler_filter() default "";

        @AttributeDefinition(name = "Filter language", description = "The language of the filter.")
        String handler_filter_language() default "xpath";

        @AttributeDefinition(name = "Start", options = {@Option("latest"), @Option("earliest")},
                description = "Where a handler with a new name begins: with the next event, or with the oldest in the log.")
        String handler_start() default "latest";

        @AttributeDefinition(name = "Directory", description = "Where the files go; made if missing.")
        String directory() default "events";
    }

    private static final Logger LOG = LoggerFactory.getLogger(SaveEvent.class);

    /** Most file systems allow 255 bytes; this leaves room for those who copy, pack and rename. */
    private static final int LONGEST_NAME = 200;
    private static final String SUFFIX = ".xml";
    private static final int DIGEST_DIGITS = 16;

    private final Path directory;

    @Activate
    public SaveEvent(BundleContext context, Config config) {
        this(Path.of(context.getProperty("karaf.base")).resolve(config.directory()));
        LOG.info("{} saves to {}", config.handler_name(), directory);
    }

    SaveEvent(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
        try {
            Files.createDirectories(this.directory);
        } catch (IOException e) {
            LOG.warn("{}; events wait until it can be made", unusable(e));
        }
    }

    @Override
    public Outcome handle(BrokerEvent event) throws IOException {
        try {
            Path file = save(event);
            LOG.debug("Saved id={} position={} source={} as {}", event.header().identifier().orElse("-"),
                    event.sequence(), event.source(), file);
            return Outcome.DONE;
        } catch (IOException e) {
            throw new IOException(unusable(e), e);
        }
    }

    private Path save(BrokerEvent event) throws IOException {
        String name = nameFor(event.header().identifier().orElse(""));
        Path temporary = directory.resolve(".save-event-" + UUID.randomUUID() + ".tmp");
        try {
            write(event.content(), temporary);
            // The second name is for another event with this identifier, or with one that makes the same name.
            for (String each : List.of(name, name + "-" + digest(event.content()))) {
                Path file = directory.resolve(each + SUFFIX);
                if (placed(temporary, file)) {
                    return file;
                }
            }
            throw new FileAlreadyExistsException(name + SUFFIX, null, "both names for this event hold something else");
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private void write(ByteBuffer content, Path temporary) throws IOException {
        Files.createDirectories(directory);
        try (FileChannel channel = FileChannel.open(temporary, CREATE_NEW, WRITE)) {
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
        }
    }

    /** Gives the written file its name unless that is taken; true too if the very same event is there already. */
    private boolean placed(Path temporary, Path file) throws IOException {
        boolean there;
        try {
            link(temporary, file);
            there = true;
        } catch (FileAlreadyExistsException taken) {
            there = Files.isRegularFile(file) && Files.mismatch(temporary, file) == -1;
        }
        // Where there are no POSIX attributes, as on Windows, a directory cannot be synced either.
        if (there && directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(directory, READ)) {
                channel.force(true);
            }
        }
        return there;
    }

    /** A hard link is the one portable step that never overwrites; synchronized for file systems that have none. */
    private static synchronized void link(Path temporary, Path file) throws IOException {
        try {
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException taken) {
            throw taken;
        } catch (UnsupportedOperationException | FileSystemException noHardLinks) {
            LOG.debug("No hard link for {}, moving the file instead", file, noHardLinks);
            Files.move(temporary, file);
        }
    }

    /** A file name without suffix that every file system takes and a person can recognise. */
    static String nameFor(String identifier) {
        String name = identifier.replaceAll("[^A-Za-z0-9._+-]+", "_").replaceFirst("^[._-]+", "_");
        if (name.matches("(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?")) {
            name = "_" + name;
        }
        int longest = LONGEST_NAME - 1 - DIGEST_DIGITS - SUFFIX.length();
        return name.isEmpty() ? "event" : name.substring(0, Math.min(name.length(), longest));
    }

    private static String digest(ByteBuffer content) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(content);
            return HexFormat.of().formatHex(sha256.digest()).substring(0, DIGEST_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private String unusable(IOException e) {
        return "Cannot save to " + directory + " (" + e + "); check that it is a directory, writable and not full";
    }
}
