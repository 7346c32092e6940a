package org.bolide.benchmarks;

import java.util.concurrent.TimeUnit;

import org.bolide.api.MalformedEventException;
import org.bolide.api.Reading;
import org.bolide.api.xml.DocumentParser;
import org.bolide.vocabulary.voevent.VoeventVocabulary;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.xml.sax.helpers.DefaultHandler;

/** What it takes to read one event: each benchmark does what the one before does, and more. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = {"-Xms512m", "-Xmx512m", "-XX:+UseSerialGC"})
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class ParseBenchmark {

    private final Samples samples = Samples.ofV20();
    private final Samples withoutSchema = samples.withoutSchema();
    private final VoeventVocabulary vocabulary = new VoeventVocabulary();
    private final DocumentParser parser = new DocumentParser();
    private final DefaultHandler nothing = new DefaultHandler();

    /** Well-formed, and within the limits for strangers' documents. */
    @Benchmark
    public void parse() throws MalformedEventException {
        parser.parse(samples.next(), nothing);
    }

    /** With the header. */
    @Benchmark
    public Reading parseWithHeader() throws MalformedEventException {
        return vocabulary.read(withoutSchema.next());
    }

    /** With the header, and valid: all that the vocabulary does. */
    @Benchmark
    public Reading parseWithHeaderAndValidate() throws MalformedEventException {
        return vocabulary.read(samples.next());
    }
}
