package io.coord.spring.autoconfigure;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Where the servers run, and why.
 *
 * @param reason end of a sentence that begins with "because"
 */
record SelectedMode(CoordMode mode, String reason) {

    static SelectedMode of(Environment environment, ListableBeanFactory beans) {
        CoordMode declared =
                Binder.get(environment).bind("coord.mode", CoordMode.class).orElse(null);
        if (declared != null) {
            return new SelectedMode(declared, "coord.mode says so");
        }
        if (StringUtils.hasText(environment.getProperty("coord.connect-string"))) {
            return new SelectedMode(CoordMode.EXTERNAL, "coord.connect-string is set");
        }
        String[] details = beans.getBeanNamesForType(CoordConnectionDetails.class, true, false);
        if (details.length > 0) {
            return new SelectedMode(CoordMode.EXTERNAL, "the bean '" + details[0] + "' says where they are");
        }
        return new SelectedMode(CoordMode.EMBEDDED, "neither coord.mode nor coord.connect-string is set");
    }
}
