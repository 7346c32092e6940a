package org.bolide.vocabulary.voevent;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import javax.xml.validation.ValidatorHandler;

import org.bolide.api.MalformedEventException;
import org.bolide.api.Reading;
import org.bolide.api.xml.DocumentFaults;
import org.bolide.api.xml.DocumentParser;

/**
 * A parser with its validators, for one thread at a time. One pass over the bytes makes the header and the list of
 * faults: the parser reports to a {@link HeaderHandler}, and that to the validator of the root element's namespace.
 */
final class EventParser {

    private final Schemas schemas;
    private final DocumentFaults faults = new DocumentFaults();
    private final Map<String, Optional<ValidatorHandler>> validators = new HashMap<>();
    private final HeaderHandler header =
            new HeaderHandler(namespace -> validators.computeIfAbsent(namespace, this::validator), faults);
    private final DocumentParser parser = new DocumentParser();

    EventParser(Schemas schemas) {
        this.schemas = schemas;
    }

    private Optional<ValidatorHandler> validator(String namespace) {
        return schemas.of(namespace).map(schema -> {
            ValidatorHandler validator = schema.newValidatorHandler();
            validator.setErrorHandler(faults);
            return validator;
        });
    }

    Reading read(ByteBuffer content) throws MalformedEventException {
        faults.clear();
        parser.parse(content, header);
        return new Reading(header.header(), faults.list());
    }
}
