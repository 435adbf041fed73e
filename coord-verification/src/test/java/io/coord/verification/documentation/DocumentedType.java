package io.coord.verification.documentation;

import java.util.List;
import java.util.Set;

/**
 * A public top-level type as its source shows it.
 *
 * @param name with its package
 * @param nested names of the public types in it
 * @param examples what stands in preformatted code of any comment in its file
 * @param exampleElsewhere simple names behind {@code Example:} in the comment of the type itself
 */
record DocumentedType(String name, List<String> nested, List<String> examples, Set<String> exampleElsewhere) {
    String packageName() {
        return name.substring(0, name.lastIndexOf('.'));
    }

    String simpleName() {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
