package io.coord.spring.config;

import org.apache.commons.logging.Log;
import org.springframework.boot.context.config.ConfigData;
import org.springframework.boot.context.config.ConfigDataLoader;
import org.springframework.boot.context.config.ConfigDataLoaderContext;
import org.springframework.boot.logging.DeferredLogFactory;

/** Loads what {@link CoordConfigDataLocationResolver} found, through the one {@link ImportedConfig} of the start. */
final class CoordConfigDataLoader implements ConfigDataLoader<CoordConfigDataResource> {

    private final Log log;

    CoordConfigDataLoader(DeferredLogFactory logs) {
        this.log = logs.getLog(ImportedConfig.class);
    }

    @Override
    public ConfigData load(ConfigDataLoaderContext context, CoordConfigDataResource resource) {
        if (resource.skipped() != null) {
            log.info("Nothing is imported from '" + resource + "': " + resource.skipped());
            return ConfigData.EMPTY;
        }
        ImportedConfig imported = ImportedConfig.of(context.getBootstrapContext());
        try {
            return new ConfigData(imported.load(resource));
        } catch (RuntimeException e) {
            imported.close();
            throw e;
        }
    }
}
