package org.bolide.vocabulary.voevent;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.regex.Pattern;

import javax.xml.namespace.QName;
import javax.xml.validation.ValidatorHandler;

import org.bolide.api.Citation;
import org.bolide.api.EventHeader;
import org.bolide.api.SkyPosition;
import org.bolide.api.xml.DocumentFaults;
import org.bolide.api.xml.IsoTime;
import org.xml.sax.Attributes;
import org.xml.sax.ContentHandler;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.ext.Locator2;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Picks the header out of an event as it goes by on its way to the validator. Elements are known by their local names
 * and their place, so that 1.1, where the position is in another namespace, reads like 2.0. Where something stands
 * twice the first counts; what cannot be understood is left out.
 */
final class HeaderHandler extends DefaultHandler {

    /** Longer texts are no identifiers, dates or numbers, and the header is held in memory and in columns. */
    private static final int MAX_TEXT = 1024;
    private static final int MAX_CITATIONS = 1000;

    private static final String AUTHOR = "Who/AuthorIVORN";
    private static final String DATE = "Who/Date";
    private static final String CITATION = "Citations/EventIVORN";
    private static final String OBSERVATION = "WhereWhen/ObsDataLocation/ObservationLocation";
    private static final String SYSTEM = OBSERVATION + "/AstroCoordSystem";
    private static final String COORDS = OBSERVATION + "/AstroCoords";
    private static final String TIME = COORDS + "/Time/TimeInstant/ISOTime";
    private static final String POSITION = COORDS + "/Position2D";
    private static final String LONGITUDE = POSITION + "/Value2/C1";
    private static final String LATITUDE = POSITION + "/Value2/C2";
    private static final String RADIUS = POSITION + "/Error2Radius";

    private static final Step ROOT = steps(
            AUTHOR, DATE, CITATION, SYSTEM, COORDS, TIME, LONGITUDE, LATITUDE, RADIUS);

    /** Narrower than Java's own, which also takes "1f", "0x1p3" and "NaN". */
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

    /** An element on the way to what the header is made of, and those in it: nothing is put together for each element. */
    private record Step(Step parent, String path, Map<String, Step> children) {
    }

    private final Function<String, Optional<ValidatorHandler>> validators;
    private final DocumentFaults faults;
    private final Map<String, String> values = new HashMap<>();
    private final Map<String, String> prefixes = new HashMap<>();
    private final List<Citation> citations = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    private Locator locator;
    private ContentHandler validator;
    private QName root;
    private Step step;
    private int depth;
    private int depthOfPath;
    private String relation;

    HeaderHandler(Function<String, Optional<ValidatorHandler>> validators, DocumentFaults faults) {
        this.validators = validators;
        this.faults = faults;
    }

    /** What was found in the last document. */
    EventHeader header() {
        return new EventHeader(root, value("ivorn"), value("role").or(() -> Optional.of("observation")), value(AUTHOR),
                value(DATE).flatMap(IsoTime::parse), value(TIME).flatMap(IsoTime::parse), position(), citations);
    }

    @Override
    public void setDocumentLocator(Locator place) {
        locator = place;
    }

    @Override
    public void startDocument() {
        values.clear();
        prefixes.clear();
        citations.clear();
        validator = null;
        step = ROOT;
        depth = 0;
        depthOfPath = 0;
    }

    @Override
    public void startPrefixMapping(String prefix, String uri) throws SAXException {
        if (validator == null) {
            prefixes.put(prefix, uri);
        } else {
            validator.startPrefixMapping(prefix, uri);
        }
    }

    @Override
    public void endPrefixMapping(String prefix) throws SAXException {
        validator.endPrefixMapping(prefix);
    }

    @Override
    public void startElement(String uri, String local, String qName, Attributes attributes) throws SAXException {
        if (depth == 0) {
            startRoot(uri, local, attributes);
        } else if (depthOfPath == depth - 1) {
            Step next = step.children.get(local);
            if (next != null) {
                step = next;
                depthOfPath++;
                startKnown(attributes);
            }
        }
        depth++;
        validator.startElement(uri, local, qName, attributes);
    }

    private void startRoot(String uri, String local, Attributes attributes) throws SAXException {
        root = new QName(uri, local);
        put("role", attributes.getValue("role"));
        String ivoid = attributes.getValue("ivorn");
        put("ivorn", ivoid);
        if (Schemas.ROOTS.contains(root)) {
            Ivoid.fault(ivoid, Schemas.NS_2_1.equals(uri)).ifPresent(fault -> faults.add(locator, fault));
        } else {
            faults.add(locator, "The root element %s is not that of a VOEvent 1.1, 2.0 or 2.1: begin with <voe:VOEvent xmlns:voe=\"%s\" version=\"2.0\" ...>."
                    .formatted(root, Schemas.NS_2_0));
        }
        if (locator instanceof Locator2 precise && "1.1".equals(precise.getXMLVersion())) {
            faults.add(locator, "The document declares XML 1.1, which other brokers cannot read; declare version 1.0.");
        }
        // The root's namespace tells the validator, so that it is told only now what went before.
        Optional<ValidatorHandler> known = validators.apply(uri);
        validator = known.isPresent() ? known.get() : new DefaultHandler();
        validator.setDocumentLocator(locator);
        validator.startDocument();
        for (Map.Entry<String, String> prefix : prefixes.entrySet()) {
            validator.startPrefixMapping(prefix.getKey(), prefix.getValue());
        }
    }

    private void startKnown(Attributes attributes) {
        text.setLength(0);
        switch (step.path) {
            case SYSTEM -> put(SYSTEM, attributes.getValue("id"));
            case COORDS -> put(COORDS, attributes.getValue("coord_system_id"));
            case POSITION -> put(POSITION, attributes.getValue("unit"));
            case CITATION -> relation = attributes.getValue("cite");
            default -> { }
        }
    }

    @Override
    public void characters(char[] chars, int start, int length) throws SAXException {
        if (depthOfPath == depth - 1 && depthOfPath > 0) {
            // One more than allowed is enough to know that it is too long.
            text.append(chars, start, Math.min(length, MAX_TEXT + 1 - Math.min(text.length(), MAX_TEXT + 1)));
        }
        validator.characters(chars, start, length);
    }

    @Override
    public void ignorableWhitespace(char[] chars, int start, int length) throws SAXException {
        validator.ignorableWhitespace(chars, start, length);
    }

    @Override
    public void endElement(String uri, String local, String qName) throws SAXException {
        validator.endElement(uri, local, qName);
        depth--;
        if (depth > 0 && depthOfPath == depth) {
            endKnown();
            step = step.parent;
            depthOfPath--;
        }
    }

    private void endKnown() {
        switch (step.path) {
            case AUTHOR, DATE, TIME, LONGITUDE, LATITUDE, RADIUS -> put(step.path, text.toString());
            case CITATION -> {
                String cited = text.toString().strip();
                if (!cited.isEmpty() && cited.length() <= MAX_TEXT && citations.size() < MAX_CITATIONS) {
                    citations.add(new Citation(cited, relation == null ? "" : relation.strip()));
                }
            }
            default -> { }
        }
    }

    @Override
    public void endDocument() throws SAXException {
        validator.endDocument();
    }

    private void put(String key, String value) {
        if (value != null && value.length() <= MAX_TEXT && !value.isBlank()) {
            values.putIfAbsent(key, value.strip());
        }
    }

    private Optional<String> value(String key) {
        return Optional.ofNullable(values.get(key));
    }

    private Optional<SkyPosition> position() {
        OptionalDouble longitude = number(LONGITUDE, -360, 360);
        OptionalDouble latitude = number(LATITUDE, -90, 90);
        // STC writes "deg deg" as well: one unit for each axis.
        if (longitude.isEmpty() || latitude.isEmpty() || !values.getOrDefault(POSITION, "deg").startsWith("deg")) {
            return Optional.empty();
        }
        return Optional.of(new SkyPosition(longitude.getAsDouble(), latitude.getAsDouble(), number(RADIUS, 0, 360),
                value(COORDS).or(() -> value(SYSTEM)).orElse("")));
    }

    private OptionalDouble number(String key, double least, double most) {
        String value = values.get(key);
        if (value == null || !NUMBER.matcher(value).matches()) {
            return OptionalDouble.empty();
        }
        double number = Double.parseDouble(value);
        return number >= least && number <= most ? OptionalDouble.of(number) : OptionalDouble.empty();
    }

    private static Step steps(String... paths) {
        Step root = new Step(null, "", new HashMap<>());
        for (String path : paths) {
            Step step = root;
            for (int end = path.indexOf('/'); ; end = path.indexOf('/', end + 1)) {
                String prefix = end < 0 ? path : path.substring(0, end);
                Step parent = step;
                step = step.children.computeIfAbsent(prefix.substring(prefix.lastIndexOf('/') + 1),
                        name -> new Step(parent, prefix, new HashMap<>()));
                if (end < 0) {
                    break;
                }
            }
        }
        return root;
    }
}
