package io.coord.verification.documentation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A row of the guide for users of Curator.
 *
 * @param curator what it is about, as written
 * @param coord what to use instead, as written
 * @param tests {@code Class.method} of each test that exercises it
 */
record GuideRow(String curator, String coord, List<String> tests) {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_]\\w*");
    private static final String HEADING = "| Curator | Coord | Test |";

    static List<GuideRow> of(List<String> lines) {
        List<GuideRow> rows = new ArrayList<>();
        boolean inTable = false;
        for (String line : lines) {
            if (!line.startsWith("|")) {
                inTable = false;
            } else if (line.equals(HEADING)) {
                inTable = true;
            } else if (inTable && !line.startsWith("|---")) {
                String[] cells = line.substring(1, line.lastIndexOf('|')).split("\\|", -1);
                if (cells.length != 3) {
                    throw new AssertionError("not three cells: " + line);
                }
                rows.add(new GuideRow(cells[0].strip(), cells[1].strip(), code(cells[2])));
            } else if (!inTable) {
                throw new AssertionError("a table with another heading than " + HEADING + ": " + line);
            }
        }
        return rows;
    }

    /** The classes, options and methods of Curator that it names. */
    List<String> curatorNames() {
        return code(curator);
    }

    /** Every name in what is to be used instead. */
    Set<String> coordNames() {
        Set<String> names = new TreeSet<>();
        for (String each : code(coord)) {
            Matcher matcher = IDENTIFIER.matcher(each);
            while (matcher.find()) {
                names.add(matcher.group());
            }
        }
        return names;
    }

    boolean hasNoCounterpart() {
        return coord.equals("none");
    }

    private static List<String> code(String cell) {
        List<String> found = new ArrayList<>();
        Matcher matcher = CODE.matcher(cell);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }
}
