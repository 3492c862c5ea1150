import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.List;
import java.util.TreeSet;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Reads "flavour file" lines and answers, for each, the broken rules, one a line, then "OK" or "REFUSED". */
public class Validate {
    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        BufferedReader asked = new BufferedReader(new InputStreamReader(System.in));
        for (String line = asked.readLine(); line != null; line = asked.readLine()) {
            String[] words = line.split(" ", 2);
            validate(PDFAFlavour.byFlavourId(words[0]), words[1]);
        }
    }

    private static void validate(PDFAFlavour flavour, String file) throws Exception {
        try (InputStream stream = new FileInputStream(file);
                PDFAParser parser = Foundries.defaultInstance().createParser(stream, flavour)) {
            PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false);
            List<ValidationResult> results = validator.validateAll(parser);
            TreeSet<String> broken = new TreeSet<>();
            boolean compliant = !results.isEmpty();
            for (ValidationResult result : results) {
                compliant &= result.isCompliant();
                for (TestAssertion each : result.getTestAssertions()) {
                    if (each.getStatus() == TestAssertion.Status.FAILED) {
                        broken.add(each.getRuleId().getClause() + "-" + each.getRuleId().getTestNumber() + " "
                                + each.getMessage().replace('\n', ' '));
                    }
                }
            }
            broken.forEach(rule -> System.out.println(flavour.getId() + " " + rule));
            System.out.println(flavour.getId() + (compliant ? " OK " : " REFUSED ") + file);
            System.out.flush();
        }
    }
}
