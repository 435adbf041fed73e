package io.coord.spring.autoconfigure;

import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/** The keys of a record of configuration as they are written in a file: dashes for capitals, records as levels. */
final class PropertyKeys {

    private PropertyKeys() {}

    static List<String> of(String prefix, Class<?> type) {
        List<String> keys = new ArrayList<>();
        collect(prefix, type, keys);
        return keys;
    }

    private static void collect(String prefix, Class<?> type, List<String> keys) {
        for (RecordComponent component : type.getRecordComponents()) {
            String key = prefix + '.' + key(type, component);
            if (component.getType().isRecord()) {
                collect(key, component.getType(), keys);
            } else {
                keys.add(key);
            }
        }
    }

    private static String key(Class<?> type, RecordComponent component) {
        for (Parameter parameter : type.getDeclaredConstructors()[0].getParameters()) {
            Name name = parameter.getAnnotation(Name.class);
            if (name != null && parameter.getName().equals(component.getName())) {
                return name.value();
            }
        }
        String dashed = component.getName().replaceAll("([A-Z])", "-$1");
        return ConfigurationPropertyName.adapt(dashed, '.').getLastElement(Form.DASHED);
    }
}
